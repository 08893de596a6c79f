import * as z from 'zod';
import { type HubError, isHubError } from '#core/errors.ts';
import { Instant, PersonFacts } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import { VERBS } from '#core/operations.ts';
import type { Hub } from '#core/ports/hub.ts';
import { STALE_AFTER_DAYS } from '#core/records/provenance.ts';
import { read, untilWritten } from '#core/records/store.ts';

const CachedAnswer = z.strictObject({ at: Instant, facts: PersonFacts.nullable() });

/** A miss is asked again sooner, because providers learn. */
const CACHE_DAYS = { hit: STALE_AFTER_DAYS, miss: 14 } as const;
const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;

export interface Question {
  readonly connection: string;
  readonly email: string;
  /** The effect's key, should the provider be asked. */
  readonly key: string;
  readonly timeoutMs: number;
  /** The most calls a day; absent for no bound but the vendor's. */
  readonly callsPerDay: number | undefined;
}

/** What came of a question: `known` was answered before, and costs nothing. */
export type ProviderAnswer =
  | { readonly outcome: 'hit' | 'known'; readonly facts: PersonFacts; readonly at: string }
  | { readonly outcome: 'miss' | 'known-miss' | 'out-of-time' | 'out-of-budget' }
  | { readonly outcome: 'failed'; readonly error: HubError };

/**
 * Asks one provider who an address is, unless it said so, or said that it does not know, lately.
 * Throws nothing that a vendor did: the next provider may know.
 */
export async function askProvider(hub: Hub, question: Question): Promise<ProviderAnswer> {
  const { connection, email, timeoutMs, callsPerDay } = question;
  const key = { pk: `ENRICHMENT#${connection}#${shortHash(email)}`, sk: 'ENRICHMENT' };
  const cached = await read(hub.records, CachedAnswer, key);
  if (cached !== undefined && isFresh(cached.data, hub.now())) {
    const { facts, at } = cached.data;
    return facts === null ? { outcome: 'known-miss' } : { outcome: 'known', facts, at };
  }
  if (timeoutMs <= 0) return { outcome: 'out-of-time' };
  if (callsPerDay !== undefined && !(await spend(hub, connection, callsPerDay)))
    return { outcome: 'out-of-budget' };
  const asked = await ask(hub, question);
  if ('error' in asked) return { outcome: 'failed', error: asked.error };
  const at = hub.now().toISOString();
  const expiresAt = Math.ceil(hub.now().getTime() / 1000) + CACHE_DAYS.hit * DAY_SECONDS;
  const version = (cached?.version ?? 0) + 1;
  const data = { at, facts: asked.facts };
  await hub.records.write([{ put: { ...key, type: 'enrichment', version, expiresAt, data } }]);
  return asked.facts === null ? { outcome: 'miss' } : { outcome: 'hit', facts: asked.facts, at };
}

async function ask(
  hub: Hub,
  { connection, email, key, timeoutMs }: Question,
): Promise<{ facts: PersonFacts | null } | { error: HubError }> {
  try {
    const answer = await hub.operations.call({
      connection,
      operation: 'person.enrich',
      input: { email, timeoutMs },
      key,
      recovering: false,
    });
    const parsed = VERBS['person.enrich'].output.parse(answer);
    return { facts: parsed.status === 'hit' ? parsed.facts : null };
  } catch (error) {
    if (!isHubError(error)) throw error;
    return { error };
  }
}

const Spent = z.strictObject({ calls: z.number().int() });

/** Counts a call of this day (UTC); answers whether the day's budget had room for it. */
function spend({ records, now }: Hub, connection: string, most: number): Promise<boolean> {
  const key = { pk: `ENRICHMENT#${connection}`, sk: `DAY#${now().toISOString().slice(0, 10)}` };
  return untilWritten(async () => {
    const stored = await read(records, Spent, key);
    const calls = (stored?.data.calls ?? 0) + 1;
    if (calls > most) return false;
    const version = (stored?.version ?? 0) + 1;
    const expiresAt = Math.ceil(now().getTime() / 1000) + 2 * DAY_SECONDS;
    const put = { ...key, type: 'enrichment-spent', version, expiresAt, data: { calls } };
    await records.write([
      { put, if: stored === undefined ? 'absent' : { version: stored.version } },
    ]);
    return true;
  });
}

function isFresh(answer: z.infer<typeof CachedAnswer>, now: Date): boolean {
  const days = answer.facts === null ? CACHE_DAYS.miss : CACHE_DAYS.hit;
  return now.getTime() - Date.parse(answer.at) < days * DAY_MS;
}
