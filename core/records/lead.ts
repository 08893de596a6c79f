import type { Records } from '#core/ports/records.ts';
import { withTarget } from '#core/targets/target-account.ts';
import { Account, accountKey } from './account.ts';
import { Person, personKey } from './person.ts';
import { read, readAll, readExisting } from './store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from './touch.ts';

export interface Lead {
  readonly person: Person;
  /** With whether it is among the targets that marketing and sales agreed on. */
  readonly account?: Account & { readonly targetAccount?: boolean };
  /** In the order in which they happened. */
  readonly touches: Touch[];
}

/** All that a rating or a briefing goes by. */
export async function readLead(records: Records, personId: string): Promise<Lead> {
  const { data: person } = await readExisting(records, Person, personKey(personId));
  const { accountId } = person;
  const account =
    accountId === undefined ? undefined : await read(records, Account, accountKey(accountId));
  const touches = await readAll(records, Touch, {
    pk: touchesOfPerson(personId),
    prefix: TOUCH_PREFIX,
  });
  if (account === undefined) return { person, touches };
  return { person, touches, account: await withTarget(records, account.data) };
}
