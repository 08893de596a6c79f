import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { isHubError } from '#core/errors.ts';
import type { PersonFacts } from '#core/events.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { personFields } from '../fields.ts';
import { writePerson } from '../living.ts';
import { addressOf, matchPeople } from '../match.ts';
import { type Fields, recordOf, upsertRecord } from '../records.ts';

/**
 * Looks before it writes: e-mail addresses are not unique in Salesforce, and a converted lead
 * lives on as a contact. Only a person nobody knows becomes a lead, under an external id that two
 * concurrent calls share; so a repeat changes what the first call made.
 */
export const upsertPerson = defineOperation({
  summary: 'Finds the lead or contact of a person or makes a lead, and writes what is known.',
  idempotent: true,
  ...VERBS['person.upsert'],

  async run(context: SalesforceContext, { email, facts, record }) {
    const address = email ?? facts.email;
    const known = record ?? (await firstMatch(context, address));
    if (known !== undefined) return changePerson(context, known, facts, address);
    try {
      const key = leadKey(context, address, context.key);
      const made = await upsertRecord(context, 'Lead', key, newLead(context, facts, address));
      return { record: { kind: 'lead', id: made.id }, created: made.created };
    } catch (error) {
      if (!isHubError(error, 'conflict') || error.existingId === undefined) throw error;
      // A duplicate rule may go by names alone: the address of whom it found is left as it is.
      return changePerson(context, recordOf(error.existingId), facts, undefined);
    }
  },
});

async function firstMatch(
  context: SalesforceContext,
  email: string | undefined,
): Promise<VendorRecord | undefined> {
  if (email === undefined) return undefined;
  return (await matchPeople(context, [email])).get(addressOf(email))?.[0];
}

/** Writes what is known to a record that is there, wherever it went. */
export async function changePerson(
  context: SalesforceContext,
  { kind, id }: VendorRecord,
  facts: PersonFacts,
  email: string | undefined,
): Promise<{ record: VendorRecord; created: boolean }> {
  const record = await writePerson(context, { kind, id }, (sObject) =>
    personFields(sObject, facts, email, context.settings),
  );
  return { record, created: false };
}

/** The external id of a new lead: of the address, or of whatever else names the person. */
export function leadKey(
  { settings }: Pick<SalesforceContext, 'settings'>,
  email: string | undefined,
  otherwise: string,
): { field: string; value: string } {
  const identity = email === undefined ? otherwise : addressOf(email);
  return { field: settings.externalIdField, value: contentHash(identity).slice(0, 32) };
}

/** The fields of a new lead; Salesforce takes none without a last name and a company. */
export function newLead(
  { settings }: Pick<SalesforceContext, 'settings'>,
  facts: PersonFacts,
  email: string | undefined,
): Fields {
  return {
    LastName: email?.split('@')[0] || '[unknown]',
    Company: settings.companyWhenUnknown,
    ...personFields('Lead', facts, email, settings),
  };
}
