import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { findDoor } from '#platform/embedded/admin.ts';

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Asks the hub that works on a folder to do something: one process at a time writes to a store. */
export async function askHub(folder: string, path: string, question?: unknown): Promise<unknown> {
  const { url, token } = findDoor(folder);
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    ...(question === undefined ? {} : { body: JSON.stringify(question) }),
  });
  const body: unknown = await answer.json();
  if (answer.ok) return body;
  const { code, message } = Refusal.parse(body).error;
  throw new HubError('data', code, message);
}
