import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Actor } from '#core/events.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { query, raw, soql } from './soql.ts';

const User = z.object({ Id: z.string(), Email: z.string().nullish(), IsActive: z.boolean() });
type User = z.infer<typeof User>;

/** People come and go by the week; a lookup a quarter of an hour old is good enough. */
const FRESH_MS = 15 * 60_000;

/** One cache a connection: its settings live exactly as long as the connection. */
const caches = new WeakMap<SalesforceSettings, Map<string, { user: User; at: number }>>();

/**
 * The active user with an e-mail address, or with it in the field that the settings name. Throws
 * `config` when the organisation has none, or only some who left.
 */
export async function userByEmail(context: SalesforceContext, email: string): Promise<User> {
  const field = raw(context.settings.ownerField);
  const user = await cached(
    context,
    `email:${email.toLowerCase()}`,
    soql`SELECT Id, Email, IsActive FROM User WHERE ${field} = ${email}`,
  );
  if (user?.IsActive) return user;
  throw user === undefined
    ? new HubError(
        'config',
        'salesforce_owner_unknown',
        `No Salesforce user has the salesperson's address: add them to the organisation of '${context.connection}'.`,
      )
    : new HubError(
        'config',
        'salesforce_owner_inactive',
        `The Salesforce user with the salesperson's address is inactive: unlock them in the organisation of '${context.connection}' or take them out of the playbook.`,
      );
}

/** A user by id, active or not; `undefined` for a queue or an unknown id. */
async function userById(context: SalesforceContext, id: string): Promise<User | undefined> {
  if (!id.startsWith('005')) return undefined;
  return cached(context, `id:${id}`, soql`SELECT Id, Email, IsActive FROM User WHERE Id = ${id}`);
}

async function cached(
  context: SalesforceContext,
  key: string,
  text: string,
): Promise<User | undefined> {
  const cache = caches.get(context.settings) ?? new Map();
  caches.set(context.settings, cache);
  const now = context.now.getTime();
  const known = cache.get(key);
  if (known !== undefined && now - known.at < FRESH_MS) return known.user;
  const users = await query(context, User, text);
  // An address may belong to somebody who left as well as to who has it now.
  const user = users.find(({ IsActive }) => IsActive) ?? users[0];
  // Whether somebody is inactive is asked again: an administrator may be about to unlock them.
  if (user?.IsActive || (user !== undefined && key.startsWith('id:')))
    cache.set(key, { user, at: now });
  return user;
}

/** Makes the next look-up ask again, after Salesforce refused a user that was found before. */
export function forgetUser(context: SalesforceContext, email: string): void {
  caches.get(context.settings)?.delete(`email:${email.toLowerCase()}`);
}

/** The first of these ids that names a user, as the one who did something. */
export async function actorOf(
  context: SalesforceContext,
  ...ids: (string | undefined)[]
): Promise<Actor> {
  for (const id of ids) {
    const user = id === undefined ? undefined : await userById(context, id);
    if (user !== undefined) {
      return {
        ...(user.Email ? { email: user.Email } : {}),
        external: { connection: context.connection, kind: 'user', id: user.Id },
      };
    }
  }
  return {};
}
