import type { Hub } from '#core/ports/hub.ts';
import type { Key, Records, Write } from '#core/ports/records.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import {
  parsedAll,
  read,
  type Stored,
  unlessOvertaken,
  untilWritten,
} from '#core/records/store.ts';
import { ACCOUNT_NEWS, AccountNews, accountNewsKey, keysAwaited } from './account-news.ts';
import { ambiguityKey } from './ambiguity.ts';
import { awaitedKey, awaiting, keyOfAccount } from './awaited.ts';
import { yieldingTo } from './makeshift.ts';
import { matchAgain } from './match-again.ts';
import { moveWrites } from './move-account.ts';

type Following = Pick<Hub, 'records' | 'order'>;

/** So many accounts are followed each time; what is left comes with the next. */
const MOST_ACCOUNTS = 500;

/** Follows all accounts of which there is news, the oldest news first. */
export async function followAccounts(hub: Following, most = MOST_ACCOUNTS): Promise<void> {
  const failures: unknown[] = [];
  let after: string | undefined;
  let left = most;
  do {
    const page = await hub.records.query({ index: 'gsi1', pk: ACCOUNT_NEWS, after, limit: left });
    for (const { accountId } of parsedAll(AccountNews, page.items))
      await followAccount(hub, accountId).catch((error: unknown) => failures.push(error));
    left -= page.items.length;
    after = page.next;
  } while (after !== undefined && left > 0);
  if (failures.length > 0) throw failures[0];
}

/**
 * Matches those again who wait for an account of which more is known: with it among those that
 * somebody has to choose from, or without one that fitted. They are found by the account's own keys.
 * It may be done twice, or be cut off: the news stays until it is done, and whoever stays where they
 * are is not written.
 */
export async function followAccount(hub: Following, accountId: string): Promise<void> {
  const news = await read(hub.records, AccountNews, accountNewsKey(accountId));
  const stored = await read(hub.records, Account, accountKey(accountId));
  if (news === undefined) return;
  if (stored !== undefined) await tellAll(hub, stored, news);
  const { version } = news;
  await unlessOvertaken(() =>
    hub.records.write([{ remove: accountNewsKey(accountId), if: { version } }]),
  );
}

async function tellAll(
  hub: Following,
  { data: account }: Stored<Account>,
  { data: { at }, version }: Stored<AccountNews>,
): Promise<void> {
  const cause = { accountId: account.id, at, key: `${account.id}/${version}` };
  for (const key of keysAwaited(account))
    for await (const personId of awaiting(hub.records, key)) await again(hub, personId, cause, key);
  await yieldingTo(hub.records, account, async (aside, members) => {
    for (const personId of members) await again(hub, personId, { ...cause, aside });
    const key = keyOfAccount(aside);
    for await (const personId of awaiting(hub.records, key))
      await again(hub, personId, { ...cause, aside }, key);
  });
}

interface Cause {
  readonly accountId: string;
  readonly at: string;
  readonly key: string;
  readonly aside?: string;
}

async function again(
  hub: Following,
  personId: string,
  cause: Cause,
  listedUnder?: string,
): Promise<void> {
  await untilWritten(async () => {
    const stored = await read(hub.records, Person, personKey(personId));
    if (stored === undefined || !isMeant(stored.data, cause.aside)) return;
    const { data: before, version } = stored;
    const { accountId, ...why } = cause;
    const because = { accountChanged: accountId };
    const { person, writes } = await matchAgain(hub, before, { ...why, because });
    const all = [...writes, ...moveWrites(before, person), ...unlisted(before, listedUnder)];
    if (isSame(before, person) && !(await saysMore(hub.records, personId, all))) return;
    await hub.records.write([{ put: personItem(person, version + 1), if: { version } }, ...all]);
  });
}

/** What an index still lists of somebody who waits for it no more. */
const unlisted = ({ id, awaits = [] }: Person, key: string | undefined): Write[] =>
  key === undefined || awaits.includes(key) ? [] : [{ remove: awaitedKey(key, id) }];

/**
 * A hand pick stands. Somebody who was merged stays listed, should the merge be undone. An account
 * gives way for those who are with it, and for those who wait to be told whether they are.
 */
function isMeant({ mergedInto, picked, accountId, awaits = [] }: Person, aside?: string): boolean {
  if (mergedInto !== undefined || picked !== undefined) return false;
  return aside === undefined || accountId === aside || awaits.includes(keyOfAccount(aside));
}

const isSame = (one: Person, other: Person) =>
  one.accountId === other.accountId && one.awaits?.join() === other.awaits?.join();

/** Whether there is more to write than that nobody is asked, where nobody is. */
async function saysMore(
  records: Records,
  personId: string,
  writes: readonly Write[],
): Promise<boolean> {
  const question = ambiguityKey(personId);
  const isQuestion = (write: Write) => 'remove' in write && isEqual(write.remove, question);
  if (writes.some((write) => !isQuestion(write))) return true;
  return writes.length > 0 && (await records.get(question)) !== undefined;
}

const isEqual = (one: Key, other: Key) => one.pk === other.pk && one.sk === other.sk;
