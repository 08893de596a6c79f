import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS, OpportunityFacts } from '#connectors/kit/offered-verbs.ts';
import { HubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { convertedContact } from '../living.ts';
import { findOpportunities } from '../opportunities.ts';
import { raw, soql } from '../soql.ts';

/** Reads only: asking again changes nothing. */
export const findOpportunity = defineOperation({
  summary: 'Lists the opportunities in which a lead or contact has a role.',
  idempotent: true,
  input: z.strictObject({ record: VendorRecord }),
  output: z.strictObject({ opportunities: z.array(OpportunityFacts) }),

  async run(context: SalesforceContext, { record }) {
    const contact = record.kind === 'lead' ? await convertedContact(context, record.id) : record;
    // A lead that was not converted has a role in nothing.
    if (contact === undefined) return { opportunities: [] };
    const condition = soql`Id IN (SELECT OpportunityId FROM OpportunityContactRole WHERE ContactId = ${contact.id})`;
    const found = await findOpportunities(context, condition);
    return { opportunities: found.map(({ facts }) => facts) };
  },
});

/** Reads only: asking again changes nothing. */
export const readOpportunity = defineOperation({
  summary: 'Reads an opportunity with its stage, amount, outcome and contacts.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.read'],

  async run(context: SalesforceContext, { id }) {
    return (await opportunity(context, id)).facts;
  },
});

/** Reads only: asking again changes nothing. */
export const opportunityContacts = defineOperation({
  summary: 'Lists the contacts of an opportunity with their roles, the primary one first.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.contacts'],

  async run(context: SalesforceContext, { id }) {
    const { roles } = await opportunity(context, id);
    return {
      contacts: roles.map(({ contactId, role, primary }) => ({
        record: { kind: 'contact', id: contactId },
        ...(role === undefined ? {} : { role }),
        primary,
      })),
    };
  },
});

async function opportunity(context: SalesforceContext, id: string) {
  const [found] = await findOpportunities(context, soql`Id = ${id}`);
  if (found !== undefined) return found;
  throw new HubError('data', 'salesforce_record_not_found', 'Salesforce has no such opportunity.');
}

/** Where a page ended: opportunities may share an instant. */
const After = z.string().regex(/^[\dTZ:.-]+\|[a-zA-Z0-9]{15,18}$/);

/** Reads only: asking again changes nothing. */
export const searchOpportunities = defineOperation({
  summary: 'Lists the opportunities that changed since an instant, the longest unchanged first.',
  idempotent: true,
  input: z.strictObject({
    changedSince: z.iso.datetime({ offset: true }),
    after: After.optional(),
    limit: z.number().int().min(1).max(200).default(100),
  }),
  output: z.strictObject({
    opportunities: z.array(OpportunityFacts),
    after: After.optional(),
  }),

  async run(context: SalesforceContext, { changedSince, after, limit }) {
    const found = await findOpportunities(
      context,
      soql`${raw(since(changedSince, after))} ORDER BY SystemModstamp, Id LIMIT ${raw(String(limit))}`,
    );
    const last = found.length < limit ? undefined : found.at(-1);
    return {
      opportunities: found.map(({ facts }) => facts),
      ...(last === undefined ? {} : { after: `${last.changedAt.toISOString()}|${last.facts.id}` }),
    };
  },
});

function since(changedSince: string, after: string | undefined): string {
  if (after === undefined) return soql`SystemModstamp >= ${new Date(changedSince)}`;
  const [stamp = '', id = ''] = after.split('|');
  const at = new Date(stamp);
  return soql`(SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${id}))`;
}
