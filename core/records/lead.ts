import type { Records } from '#core/ports/records.ts';
import { type TargetFacts, withTarget } from '#core/targets/target-account.ts';
import { Account, accountKey } from './account.ts';
import { readNewestTouches, readTouches } from './of-person.ts';
import { Person, personKey } from './person.ts';
import { read, readExisting } from './store.ts';
import type { Touch } from './touch.ts';

export interface Lead {
  readonly person: Person;
  /** With what the targets that marketing and sales agreed on say of it. */
  readonly account?: Account & TargetFacts;
  /** In the order in which they happened. */
  readonly touches: Touch[];
}

/** A person with their account and all that they ever did. */
export async function readLead(records: Records, personId: string): Promise<Lead> {
  const lead = await readPerson(records, personId);
  return { ...lead, touches: await readTouches(records, lead.person) };
}

/** Nobody reads of more before a call, and what is older is hardly a reason for one. */
const NEWEST_TOUCHES = 100;

/**
 * What a rating or a briefing goes by: the newest touches, and whether there are more. It costs the
 * same however much somebody did.
 */
export async function readRecentLead(
  records: Records,
  personId: string,
): Promise<Lead & { readonly more: boolean }> {
  const lead = await readPerson(records, personId);
  return { ...lead, ...(await readNewestTouches(records, lead.person, NEWEST_TOUCHES)) };
}

async function readPerson(records: Records, personId: string): Promise<Omit<Lead, 'touches'>> {
  const { data: person } = await readExisting(records, Person, personKey(personId));
  const { accountId } = person;
  const account =
    accountId === undefined ? undefined : await read(records, Account, accountKey(accountId));
  if (account === undefined) return { person };
  return { person, account: await withTarget(records, account.data) };
}
