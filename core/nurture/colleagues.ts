import * as z from 'zod';
import type { Records, Write } from '#core/ports/records.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readAll } from '#core/records/store.ts';

const Member = z.strictObject({ personId: z.string() });

const MEMBER_PREFIX = 'PERSON#';
const partitionOf = (accountId: string) => `ACCOUNT#${accountId}`;

export const memberKey = (accountId: string, personId: string) => ({
  pk: partitionOf(accountId),
  sk: `${MEMBER_PREFIX}${personId}`,
});

/** Lists a person with their account, so that what colleagues do can be laid beside it. */
export function colleagueWrites({ id, accountId }: Person): Write[] {
  if (accountId === undefined) return [];
  const key = memberKey(accountId, id);
  return [{ put: { ...key, type: 'account-member', version: 1, data: { personId: id } } }];
}

/** The others of a person's account. */
export async function colleaguesOf(records: Records, person: Person): Promise<Person[]> {
  if (person.accountId === undefined) return [];
  const pk = partitionOf(person.accountId);
  const members = await readAll(records, Member, { pk, prefix: MEMBER_PREFIX });
  const others = members.filter(({ personId }) => personId !== person.id);
  const people = await Promise.all(
    others.map(({ personId }) => read(records, Person, personKey(personId))),
  );
  return people.flatMap((one) =>
    one !== undefined && isColleague(one.data, person) ? [one.data] : [],
  );
}

/** Somebody may have changed accounts since they were listed, or be somebody else by now. */
const isColleague = ({ accountId, mergedInto }: Person, person: Person): boolean =>
  accountId === person.accountId && mergedInto === undefined;
