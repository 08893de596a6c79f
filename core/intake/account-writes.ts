import type { CanonicalEvent } from '#core/events.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Account, accountIdOf, accountItem, accountKey } from '#core/records/account.ts';
import { read } from '#core/records/store.ts';

/** The account as the event leaves it; nothing where that was asked for and is known. */
export async function accountWrites(records: Records, event: CanonicalEvent): Promise<Write[]> {
  if (event.type !== 'account.changed' || event.account.domain === undefined) return [];
  const id = accountIdOf(event.account.domain);
  const stored = await read(records, Account, accountKey(id));
  const { owner, ...facts } = event.account;
  const { ownerSetBy, ownerSince = '' } = stored?.data ?? {};
  // A late event does not give an account back to whom the CRM took it from.
  const stands = owner === undefined || (ownerSetBy === 'crm' && ownerSince > event.at);
  const account: Account = {
    ...(stored?.data ?? { id }),
    ...facts,
    ...(stands ? {} : { owner, ownerSetBy: 'crm', ownerSince: event.at }),
  };
  if (event.backfill === true && stored && isSame(stored.data, account)) return [];
  return [
    {
      put: accountItem(account, (stored?.version ?? 0) + 1),
      if: stored === undefined ? 'absent' : { version: stored.version },
    },
  ];
}

/** Whatever the instant since when it is known. */
function isSame(one: Account, other: Account): boolean {
  return Object.entries(other).every(
    ([field, value]) => field === 'ownerSince' || one[field as keyof Account] === value,
  );
}
