import * as z from 'zod';
import type { Records } from '#core/ports/records.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { read, readAll, type Stored, unlessOvertaken } from '#core/records/store.ts';
import { accountKeyItems, idsOfName } from './find-account.ts';

const Member = z.object({ personId: z.string() });

/** An account that the hub made of a name: no vendor knows it, and it has no domain. */
const isMakeshift = ({ domain, external = [] }: Account): boolean =>
  domain === undefined && external.length === 0;

/**
 * Accounts that were made of a name alone give way to one that is known better by the same name.
 * `move` gets each with all of its people; the account goes once nobody is left in it, so that it
 * makes no later lead doubtful.
 */
export async function yieldingTo(
  records: Records,
  account: Account,
  move: (aside: string, members: readonly string[]) => Promise<void>,
): Promise<void> {
  if (isMakeshift(account)) return;
  for (const id of await idsOfName(records, account.name)) {
    const stored = id === account.id ? undefined : await read(records, Account, accountKey(id));
    if (stored === undefined || !isMakeshift(stored.data)) continue;
    await move(id, await membersIn(records, id));
    if ((await membersIn(records, id)).length === 0) await removeAccount(records, stored);
  }
}

const membersIn = async (records: Records, id: string): Promise<string[]> => {
  const members = await readAll(records, Member, { pk: `ACCOUNT#${id}`, prefix: 'PERSON#' });
  return members.map(({ personId }) => personId);
};

const removeAccount = (records: Records, { data, version }: Stored<Account>): Promise<void> =>
  unlessOvertaken(() =>
    records.write([
      { remove: accountKey(data.id), if: { version } },
      ...accountKeyItems(data).map(({ pk, sk }) => ({ remove: { pk, sk } })),
    ]),
  );
