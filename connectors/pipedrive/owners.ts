import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import { ask } from './api.ts';
import type { PipedriveContext, PipedriveSettings } from './credentials.ts';

const User = z.object({ email: z.string().nullish() }).nullish();

/** People come and go by the week; a lookup a quarter of an hour old is good enough. */
const FRESH_MS = 15 * 60_000;

interface Known {
  readonly email: string | undefined;
  readonly at: number;
}

/** One directory a connection: its settings are parsed once, and live as long as it. */
const directories = new WeakMap<PipedriveSettings, Map<number, Known>>();

/** The address of a user, asked for once in a quarter of an hour; `undefined` where there is none. */
async function emailOf(context: PipedriveContext, id: number): Promise<string | undefined> {
  const directory = directories.get(context.settings) ?? new Map<number, Known>();
  directories.set(context.settings, directory);
  const now = context.now.getTime();
  const known = directory.get(id);
  if (known !== undefined && now - known.at < FRESH_MS) return known.email;
  const email = await askFor(context, id);
  directory.set(id, { email, at: now });
  return email;
}

/** A user who is gone has no address, and what they owned is news all the same. */
async function askFor(context: PipedriveContext, id: number): Promise<string | undefined> {
  try {
    return (await ask(context, User, `/api/v1/users/${id}`))?.email ?? undefined;
  } catch (error) {
    if (isHubError(error) && error.code === 'pipedrive_record_missing') return undefined;
    throw error;
  }
}

/** Who a user is, for the hub. */
export async function actor(context: PipedriveContext, id: number) {
  const external = { connection: context.connection, kind: 'user', id: String(id) };
  const email = await emailOf(context, id);
  return { external, ...(email ? { email } : {}) };
}

/** An owner as facts name them: by address, or by id where there is none. */
export async function ownerOf(
  context: PipedriveContext,
  id: number | null | undefined,
): Promise<string | undefined> {
  return id ? ((await emailOf(context, id)) ?? String(id)) : undefined;
}
