import * as z from 'zod';
import type { Records, Write } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';
import { parsedAll } from '#core/records/store.ts';
import { comparableName, firmKeys } from './account-index.ts';
import { evidenceOf } from './find-account.ts';

/** Somebody whom an account with one of their keys may lead elsewhere. */
const Awaiting = z.strictObject({ personId: z.string() });

const partitionOf = (key: string) => `AWAITED#${key}`;
export const awaitedKey = (key: string, personId: string) => ({
  pk: partitionOf(key),
  sk: personId,
});
export const keyOfAccount = (accountId: string) => `account:${accountId}`;
/** The one key of a name that few share: its words are those of too many. */
export const keyOfName = (name: string | undefined): string[] => {
  const read = comparableName(name);
  return read === undefined ? [] : [`name:${read.text}`];
};

/**
 * The keys of accounts that would say more of somebody's company than is known now: what the CRM
 * links them to and their domains. Whoever waits for a person to choose waits for the `candidates`
 * and for others of that name, too.
 */
export function awaitedKeys(
  person: Pick<Person, 'facts' | 'external'>,
  candidates: readonly string[] = [],
): string[] {
  const evidence = evidenceOf(person);
  const keys = firmKeys(evidence);
  if (candidates.length === 0) return keys;
  return [...keys, ...candidates.map(keyOfAccount), ...keyOfName(evidence.name)];
}

/** Lists a person under what they wait for, and no more under what they waited for before. */
export function awaitWrites(
  before: Pick<Person, 'awaits'> | undefined,
  { id, awaits = [] }: Pick<Person, 'id' | 'awaits'>,
): Write[] {
  const listed = before?.awaits ?? [];
  const gone = listed.filter((key) => !awaits.includes(key));
  const news = awaits.filter((key) => !listed.includes(key));
  return [
    ...gone.map((key): Write => ({ remove: awaitedKey(key, id) })),
    ...news.map((key): Write => {
      const item = { ...awaitedKey(key, id), type: 'awaiting', version: 1 };
      return { put: { ...item, data: { personId: id } } };
    }),
  ];
}

/** The person with what they wait for from now on. */
export function withAwaited(person: Person, awaits: readonly string[]): Person {
  const { awaits: _before, ...rest } = person;
  return awaits.length === 0 ? rest : { ...rest, awaits: [...awaits] };
}

/** All who wait under a key, a page at a time. */
export async function* awaiting(records: Records, key: string): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const page = await records.query({ pk: partitionOf(key), after });
    for (const { personId } of parsedAll(Awaiting, page.items)) yield personId;
    after = page.next;
  } while (after !== undefined);
}

/** Whether anybody waits under one of the keys. */
export async function isAwaited(records: Records, keys: readonly string[]): Promise<boolean> {
  const pages = await Promise.all(
    keys.map((key) => records.query({ pk: partitionOf(key), limit: 1 })),
  );
  return pages.some(({ items }) => items.length > 0);
}
