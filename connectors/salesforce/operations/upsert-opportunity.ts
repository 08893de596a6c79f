import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { majorUnits } from '#connectors/kit/money.ts';
import { OpportunityInput, OpportunityOutput } from '#connectors/kit/offered-verbs.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import { composite, type Step } from '../composite.ts';
import type { SalesforceContext } from '../credentials.ts';
import { convertedContact } from '../living.ts';
import { type Fields, keyPath, Upserted } from '../records.ts';
import { queryPath, rowsOf, soql } from '../soql.ts';
import { userByEmail } from '../users.ts';
import { writeHeaders } from '../write-headers.ts';

const Input = z.strictObject({
  ...OpportunityInput.shape,
  name: z.string().min(1).max(120),
  closeDate: z.iso.date(),
  /** Who it is about: a contact, or a lead that was converted to one. */
  record: VendorRecord.optional(),
  role: z.string().min(1).optional(),
});
type Input = z.infer<typeof Input>;

/**
 * Upserts under an external id, and gives the contact a role unless it has one: a repeat changes
 * what the first call made. Two calls at most.
 */
export const upsertOpportunity = defineOperation({
  summary: 'Opens an opportunity or changes it, and gives its contact a role.',
  idempotent: true,
  input: Input,
  output: OpportunityOutput,

  async run(context: SalesforceContext, input) {
    const contactId = await contactOf(context, input.record);
    const key = {
      field: context.settings.opportunityKeyField,
      value: contentHash(input.key ?? context.key).slice(0, 32),
    };
    const path = keyPath('Opportunity', key);
    const body = await fieldsOf(context, input);
    const [saved, roles] = await composite(context, [
      { method: 'PATCH', path, name: 'opportunity', body },
      ...(contactId === undefined ? [] : [rolesStep(contactId)]),
    ]);
    const { id, created } = Upserted.parse(saved);
    const hasRole = contactId === undefined || rowsOf(z.looseObject({}), roles).length > 0;
    if (!hasRole) {
      // Who is the primary contact of an opportunity that was there before is not ours to say.
      const { role } = input;
      await addRole(context, { opportunityId: id, contactId, role, primary: created });
    }
    return { opportunity: { kind: 'opportunity', id }, created };
  },
});

async function contactOf(
  context: SalesforceContext,
  record: VendorRecord | undefined,
): Promise<string | undefined> {
  if (record === undefined || record.kind === 'contact') return record?.id;
  const contact = await convertedContact(context, record.id);
  if (contact !== undefined) return contact.id;
  throw new HubError(
    'data',
    'salesforce_record_refused',
    'An opportunity is about a contact: convert the lead first.',
  );
}

async function fieldsOf(context: SalesforceContext, input: Input): Promise<Fields> {
  const { settings } = context;
  const { name, stage, closeDate, owner } = input;
  const currency = input.currency ?? settings.currency;
  const amount = majorUnits(input.amountMinor, currency);
  if (!settings.multiCurrency && input.currency !== undefined && currency !== settings.currency) {
    throw new HubError(
      'data',
      'salesforce_record_refused',
      `The organisation of '${context.connection}' keeps amounts in ${settings.currency ?? 'one currency'} only: convert the amount, or set 'multiCurrency' if it has several.`,
    );
  }
  return {
    Name: name,
    StageName: settings.stages[stage] ?? stage,
    CloseDate: closeDate,
    ...(amount === undefined ? {} : { Amount: amount }),
    ...(settings.multiCurrency && currency !== undefined ? { CurrencyIsoCode: currency } : {}),
    ...(owner === undefined ? {} : { OwnerId: (await userByEmail(context, owner)).Id }),
  };
}

/** Asks for the contact's role in the same call that makes the opportunity. */
function rolesStep(contactId: string): Step {
  // The reference stands in the address as it is: Salesforce puts the id in before it reads it.
  const text = soql`SELECT Id FROM OpportunityContactRole WHERE ContactId = ${contactId} AND OpportunityId = ${'OPPORTUNITY'}`;
  const path = queryPath(text).replace('OPPORTUNITY', '@{opportunity.id}');
  return { method: 'GET', path, name: 'roles' };
}

async function addRole(
  context: SalesforceContext,
  of: {
    opportunityId: string;
    contactId: string | undefined;
    role: string | undefined;
    primary: boolean;
  },
): Promise<void> {
  await context.http.post(
    '/sobjects/OpportunityContactRole',
    {
      OpportunityId: of.opportunityId,
      ContactId: of.contactId,
      IsPrimary: of.primary,
      ...(of.role === undefined ? {} : { Role: of.role }),
    },
    { headers: writeHeaders(context.settings) },
  );
}
