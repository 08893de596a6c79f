import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { query, soql } from '../soql.ts';
import { userByEmail } from '../users.ts';
import { writeHeaders } from '../write-headers.ts';

const Converted = z.object({
  IsConverted: z.boolean(),
  ConvertedContactId: z.string().nullish(),
  ConvertedAccountId: z.string().nullish(),
  ConvertedOpportunityId: z.string().nullish(),
});
type Converted = z.infer<typeof Converted>;

const Output = z.strictObject({
  record: VendorRecord,
  account: VendorRecord.optional(),
  opportunity: VendorRecord.optional(),
});

/**
 * Looks first: a lead that is converted answers what it became, so that a repeat converts nothing.
 * Whether the REST API converts leads differs by organisation, so it is asked.
 */
export const convertPerson = defineOperation({
  summary: 'Converts a lead to a contact, with an opportunity if one is named.',
  idempotent: true,
  input: z.strictObject({
    record: VendorRecord,
    /** E-mail address of who is to own what comes out; the lead's owner when absent. */
    owner: z.string().optional(),
    /** Name of the opportunity to open; none is opened when absent. */
    opportunity: z.string().min(1).optional(),
  }),
  output: Output,

  async run(context: SalesforceContext, { record, owner, opportunity }) {
    if (record.kind === 'contact') return { record };
    const before = await conversionOf(context, record.id);
    if (before.IsConverted) return answered(before);
    await requireAction(context);
    const ownerId = owner === undefined ? undefined : (await userByEmail(context, owner)).Id;
    const { data } = await context.http.post(
      ACTION,
      {
        inputs: [
          {
            leadId: record.id,
            convertedStatus: context.settings.convertedStatuses[0],
            createOpportunity: opportunity !== undefined,
            ...(opportunity === undefined ? {} : { opportunityName: opportunity }),
            ...(ownerId === undefined ? {} : { ownerId }),
          },
        ],
      },
      { headers: writeHeaders(context.settings) },
    );
    requireSuccess(data);
    return answered(await conversionOf(context, record.id));
  },
});

const ACTION = '/actions/standard/convertLead';

async function conversionOf(context: SalesforceContext, leadId: string): Promise<Converted> {
  const text = soql`SELECT IsConverted, ConvertedContactId, ConvertedAccountId, ConvertedOpportunityId FROM Lead WHERE Id = ${leadId}`;
  const [lead] = await query(context, Converted, text);
  if (lead !== undefined) return lead;
  throw new HubError('data', 'salesforce_record_not_found', 'Salesforce has no such lead.');
}

const Actions = z.object({ actions: z.array(z.object({ name: z.string() })) });

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_actions_invocable_standard.htm */
async function requireAction(context: SalesforceContext): Promise<void> {
  const { data } = await context.http.get('/actions/standard');
  const has = Actions.parse(data).actions.some(({ name }) => name === 'convertLead');
  if (has) return;
  throw new HubError(
    'config',
    'salesforce_conversion_unavailable',
    `The REST API of the organisation of '${context.connection}' does not convert leads: let a salesperson or a flow convert them, the hub follows the contact.`,
  );
}

const Results = z.array(z.object({ isSuccess: z.boolean() })).min(1);

function requireSuccess(body: unknown): void {
  if (Results.parse(body).every(({ isSuccess }) => isSuccess)) return;
  throw new HubError(
    'data',
    'salesforce_record_refused',
    'Salesforce refused to convert the lead: look which required fields of contact, account or opportunity the lead lacks.',
  );
}

function answered(lead: Converted): z.infer<typeof Output> {
  const { ConvertedContactId, ConvertedAccountId, ConvertedOpportunityId } = lead;
  if (!ConvertedContactId) {
    throw new HubError(
      'defect',
      'salesforce_answer_unforeseen',
      'Salesforce converted the lead to no contact.',
    );
  }
  return {
    record: { kind: 'contact', id: ConvertedContactId },
    ...(ConvertedAccountId ? { account: { kind: 'account', id: ConvertedAccountId } } : {}),
    ...(ConvertedOpportunityId
      ? { opportunity: { kind: 'opportunity', id: ConvertedOpportunityId } }
      : {}),
  };
}
