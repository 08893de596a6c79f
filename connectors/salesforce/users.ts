import type { AxiosInstance } from 'axios';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Actor } from '#core/events.ts';
import type { SalesforceContext } from './credentials.ts';
import { query, soql } from './soql.ts';

const User = z.object({ Id: z.string(), Email: z.string().nullish(), IsActive: z.boolean() });
type User = z.infer<typeof User>;

/** People come and go by the week; a lookup a quarter of an hour old is good enough. */
const FRESH_MS = 15 * 60_000;

/** One cache a connection: its HTTP instance lives exactly as long as the connection. */
const caches = new WeakMap<AxiosInstance, Map<string, { user: User; at: number }>>();

/** The active user with an e-mail address. Throws `config` when the organisation has none. */
export async function userByEmail(context: SalesforceContext, email: string): Promise<User> {
  const user = await cached(
    context,
    `email:${email.toLowerCase()}`,
    soql`SELECT Id, Email, IsActive FROM User WHERE Email = ${email} AND IsActive = true`,
  );
  if (user !== undefined) return user;
  throw new HubError(
    'config',
    'salesforce_owner_unknown',
    `No active Salesforce user has the salesperson's address: add or unlock them in the organisation of '${context.connection}'.`,
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
  const cache = caches.get(context.http) ?? new Map();
  caches.set(context.http, cache);
  const now = context.now.getTime();
  const known = cache.get(key);
  if (known !== undefined && now - known.at < FRESH_MS) return known.user;
  const [user] = await query(context, User, text);
  if (user !== undefined) cache.set(key, { user, at: now });
  return user;
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
