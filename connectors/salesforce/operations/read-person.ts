import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { mergedInto } from '../living.ts';
import { addressOf, matchPeople } from '../match.ts';
import { findPerson, type Person } from '../people.ts';

/** Reads only: asking again changes nothing. */
export const findPeople = defineOperation({
  summary: 'Finds the leads and contacts with an address, converted leads as their contacts.',
  idempotent: true,
  ...OFFERED_VERBS['person.find'],

  async run(context: SalesforceContext, { email }) {
    const found = (await matchPeople(context, [email])).get(addressOf(email)) ?? [];
    return { records: found.map(({ kind, id }) => ({ kind, id })) };
  },
});

/** Reads only: asking again changes nothing. */
export const readPerson = defineOperation({
  summary: 'Reads what Salesforce knows of a lead or contact, following conversions and merges.',
  idempotent: true,
  ...VERBS['person.read'],

  async run(context: SalesforceContext, { record }) {
    const { record: living, facts } = await livingPerson(context, record, MOST_MOVES);
    return { record: living, facts };
  },
});

/** A record may be merged, then converted, then merged again; more than this is a circle. */
const MOST_MOVES = 5;

async function livingPerson(
  context: SalesforceContext,
  record: VendorRecord,
  moves: number,
): Promise<Person> {
  const found = await findPerson(context, record);
  if (found !== undefined && found.became === undefined) return found;
  const next = found === undefined ? await mergedInto(context, record) : found.became;
  if (next !== undefined && moves > 0) return livingPerson(context, next, moves - 1);
  throw new HubError(
    'data',
    'salesforce_record_not_found',
    'Salesforce has no such lead or contact.',
  );
}
