import * as z from 'zod';
import { Instant } from '#core/events.ts';
import type { Item, Write } from '#core/ports/records.ts';
import type { Account } from '#core/records/account.ts';
import { firmKeys } from './account-index.ts';
import { keyOfAccount, keyOfName } from './awaited.ts';
import { accountEvidence } from './find-account.ts';

/** An account of which more is known: whoever waits for it is to be matched again. */
export const AccountNews = z.strictObject({ accountId: z.string(), at: Instant });
export type AccountNews = z.infer<typeof AccountNews>;

/** All that is still to be told on, by when it came: a partition of the index. */
export const ACCOUNT_NEWS = 'ACCOUNTNEWS';

export const accountNewsKey = (accountId: string) => ({ pk: `ACCOUNT#${accountId}`, sk: 'NEWS' });

/**
 * What is written with an account of which other evidence is known than before, so that following
 * it is never forgotten. `version` is that of the account: later news take the place of earlier.
 */
export function accountNews(
  before: Account | undefined,
  after: Account,
  { version, at }: { readonly version: number; readonly at: string },
): Write[] {
  if (before !== undefined && told(before) === told(after)) return [];
  const data: AccountNews = { accountId: after.id, at };
  const keys = { ...accountNewsKey(after.id), gsi1pk: ACCOUNT_NEWS, gsi1sk: `${at}#${after.id}` };
  return [{ put: { ...keys, type: 'account-news', version, data } }];
}

/** What a match may go by of an account. */
const told = (account: Account) => {
  const { name, domains, refs, country, region, postcode, city, phones } = accountEvidence(account);
  return JSON.stringify([name, domains, refs, country, region, postcode, city, phones]);
};

/** The account of which an item brings news; `undefined` for any other item. */
export const newsIn = ({ type, data }: Item): string | undefined =>
  type === 'account-news' ? (data as AccountNews).accountId : undefined;

/** The keys under which people may wait for an account. */
export const keysAwaited = (account: Account): string[] => [
  keyOfAccount(account.id),
  ...firmKeys(accountEvidence(account)),
  ...keyOfName(account.name),
];
