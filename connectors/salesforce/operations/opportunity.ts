import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { findOpportunities, OpportunityFacts } from '../opportunities.ts';
import { convertedContact } from '../records.ts';
import { soql } from '../soql.ts';

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
    return { opportunities: await findOpportunities(context, condition) };
  },
});
