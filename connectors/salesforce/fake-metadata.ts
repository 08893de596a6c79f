import * as z from 'zod';
import type { Answer, Call, FakeOrganization } from './fake-call.ts';
import { convertRow } from './fake-convert.ts';
import { notFound, SalesforceRefusal } from './fake-errors.ts';
import { tableOf } from './fake-records.ts';
import { PICKLISTS } from './fake-schema.ts';

const ok = (body: unknown): Answer => ({ status: 200, body });

const READ_ONLY =
  /^(Id|Is(Deleted|Converted|Closed|Won)|Created\w+|LastModified\w+|System\w+|MasterRecordId|Converted\w+)$/;

/** What an object looks like to the user of the app. */
export function describe(
  { schema, script }: FakeOrganization,
  _: Call,
  [name]: readonly string[],
): Answer {
  const table = tableOf(name);
  const fields = schema.fields(table).map((field) => {
    const options = PICKLISTS[`${table}.${field}`];
    return {
      name: field,
      type: options === undefined ? 'string' : 'picklist',
      createable: !READ_ONLY.test(field),
      updateable: !READ_ONLY.test(field),
      picklistValues: [...(options ?? [])].map((value) => ({ value, label: value, active: true })),
    };
  });
  const may = script?.strikes('scopes', table) !== true;
  return ok({ name: table, createable: may, updateable: may, queryable: true, fields });
}

export function limits({ usage }: FakeOrganization): Answer {
  const { most, used } = usage;
  return ok({ DailyApiRequests: { Max: most, Remaining: Math.max(0, most - used()) } });
}

/** The members of the channel that the fake sends its changes over. */
export function members({ seesSetup, script }: FakeOrganization): Answer {
  if (!seesSetup) {
    throw new SalesforceRefusal(403, 'INSUFFICIENT_ACCESS', 'insufficient access rights');
  }
  const all = ['Lead', 'Contact', 'Task', 'Opportunity', 'OpportunityContactRole'];
  const names = script?.strikes('webhooks') ? [] : all;
  const records = names.map((name) => ({ SelectedEntity: `${name}ChangeEvent` }));
  return ok({ totalSize: records.length, done: true, records });
}

export function actions({ converts }: FakeOrganization): Answer {
  const names = ['chatterPost', 'emailSimple', ...(converts ? ['convertLead'] : [])];
  const url = (name: string) => `/services/data/v66.0/actions/standard/${name}`;
  return ok({ actions: names.map((name) => ({ name, url: url(name) })) });
}

const Conversion = z.object({
  inputs: z.tuple([
    z.object({
      leadId: z.string(),
      convertedStatus: z.literal('Closed - Converted'),
      createOpportunity: z.boolean(),
      opportunityName: z.string().optional(),
      ownerId: z.string().optional(),
    }),
  ]),
});

export function convertLead(
  { converts, store, runAs, record }: FakeOrganization,
  call: Call,
): Answer {
  const conversion = Conversion.safeParse(call.body);
  if (!converts || !conversion.success) throw notFound();
  const [{ leadId, createOpportunity, opportunityName = 'New', ownerId }] = conversion.data.inputs;
  const deal = createOpportunity ? { name: opportunityName, amount: null } : undefined;
  const made = convertRow(store, leadId, { user: runAs }, deal, ownerId);
  record({ verb: 'person.convert', target: leadId, detail: { ...made } });
  return ok([{ actionName: 'convertLead', isSuccess: true, errors: null, outputValues: made }]);
}
