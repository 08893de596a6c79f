import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { HubError, isHubError } from '#core/errors.ts';
import type { PersonFacts } from '#core/events.ts';
import { VERBS, type VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { findPerson, personFields, statusFields } from '../people.ts';
import { recordOf, sObjectOf, upsertRecord, writePerson } from '../records.ts';
import { query, soql } from '../soql.ts';
import { userByEmail } from '../users.ts';

/**
 * Looks before it writes: e-mail addresses are not unique in Salesforce, and a converted lead
 * lives on as a contact. Only a person nobody knows becomes a lead, under an external id that two
 * concurrent calls share.
 */
export const upsertPerson = defineOperation({
  summary: 'Finds the lead or contact of a person or makes a lead, and writes what is known.',
  idempotent: true,
  ...VERBS['person.upsert'],

  async run(context: SalesforceContext, { email, facts, record }) {
    const address = email ?? facts.email;
    const known = record ?? (address === undefined ? undefined : await byEmail(context, address));
    const write = async (to: VendorRecord, as: string | undefined) => ({
      record: await writePerson(context, to, (sObject) => personFields(sObject, facts, as)),
      created: false,
    });
    if (known !== undefined) return write(known, address);
    try {
      const made = await createLead(context, facts, address);
      return { record: { kind: 'lead', id: made.id }, created: made.created };
    } catch (error) {
      if (!isHubError(error, 'conflict') || error.existingId === undefined) throw error;
      // A duplicate rule may go by names alone: the address of whom it found is left as it is.
      return write(recordOf(error.existingId), undefined);
    }
  },
});

const LeadRow = z.object({
  Id: z.string(),
  IsConverted: z.boolean(),
  ConvertedContactId: z.string().nullish(),
});

/** An open lead first, then the contact that a lead became, then a contact that never was a lead. */
async function byEmail(
  context: SalesforceContext,
  email: string,
): Promise<VendorRecord | undefined> {
  const leads = await query(
    context,
    LeadRow,
    soql`SELECT Id, IsConverted, ConvertedContactId FROM Lead WHERE Email = ${email} ORDER BY CreatedDate DESC`,
  );
  const open = leads.find((lead) => !lead.IsConverted);
  if (open !== undefined) return { kind: 'lead', id: open.Id };
  const became = leads.flatMap((lead) => lead.ConvertedContactId ?? [])[0];
  if (became !== undefined) return { kind: 'contact', id: became };
  const [contact] = await query(
    context,
    z.object({ Id: z.string() }),
    soql`SELECT Id FROM Contact WHERE Email = ${email} ORDER BY CreatedDate DESC LIMIT 1`,
  );
  return contact === undefined ? undefined : { kind: 'contact', id: contact.Id };
}

async function createLead(
  context: SalesforceContext,
  facts: PersonFacts,
  email: string | undefined,
) {
  const { externalIdField, companyWhenUnknown } = context.settings;
  const identity = email === undefined ? context.key : email.trim().toLowerCase();
  return upsertRecord(
    context,
    'Lead',
    { field: externalIdField, value: contentHash(identity).slice(0, 32) },
    {
      // Salesforce takes no lead without these two.
      LastName: email?.split('@')[0] || '[unknown]',
      Company: companyWhenUnknown,
      ...personFields('Lead', facts, email),
    },
  );
}

export const readPerson = defineOperation({
  summary: 'Reads what Salesforce knows of a lead or contact, following conversions and merges.',
  idempotent: true,
  ...VERBS['person.read'],

  async run(context: SalesforceContext, { record }) {
    const found =
      (await findPerson(context, record)) ??
      (await mergedInto(context, record).then((winner) => winner && findPerson(context, winner)));
    const person = found?.became === undefined ? found : await findPerson(context, found.became);
    if (person !== undefined) return { record: person.record, facts: person.facts };
    throw new HubError(
      'data',
      'salesforce_record_not_found',
      'Salesforce has no such lead or contact.',
    );
  },
});

/** Where a merge moved a record to; the loser is only found among the deleted. */
async function mergedInto(
  context: SalesforceContext,
  record: VendorRecord,
): Promise<VendorRecord | undefined> {
  const row = z.object({ MasterRecordId: z.string().nullish() });
  const text =
    sObjectOf(record) === 'Lead'
      ? soql`SELECT MasterRecordId FROM Lead WHERE Id = ${record.id}`
      : soql`SELECT MasterRecordId FROM Contact WHERE Id = ${record.id}`;
  const [deleted] = await query(context, row, text, true);
  return deleted?.MasterRecordId ? { ...record, id: deleted.MasterRecordId } : undefined;
}

export const assignPerson = defineOperation({
  summary: 'Gives a lead or contact its owner and status in one write.',
  idempotent: true,
  ...VERBS['person.assign'],

  async run(context: SalesforceContext, { record, owner, status }) {
    const { Id: ownerId } = await userByEmail(context, owner);
    await writePerson(context, record, (sObject) => ({
      OwnerId: ownerId,
      ...statusFields(sObject, context.settings, status),
    }));
    return { ownerId };
  },
});

export const setPersonStatus = defineOperation({
  summary: 'Sets the status of a lead, with the reason where the organisation has a field for it.',
  idempotent: true,
  ...VERBS['person.status'],

  async run(context: SalesforceContext, { record, status, reason }) {
    const { reasonField } = context.settings;
    await writePerson(context, record, (sObject) => ({
      ...statusFields(sObject, context.settings, status),
      ...(sObject === 'Lead' && reasonField !== undefined && reason !== undefined
        ? { [reasonField]: reason }
        : {}),
    }));
    return {};
  },
});
