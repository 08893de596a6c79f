import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import type { PersonFacts } from '#core/events.ts';
import { VERBS, type VerbInput } from '#core/operations.ts';
import type { MarketoContext } from '../credentials.ts';
import { recordError } from '../failure.ts';
import { oneAtATime } from '../one-at-a-time.ts';

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/leads */
export const upsertPerson = defineOperation({
  summary: 'Finds a lead by e-mail address, or makes it, and writes what is known.',
  idempotent: true,
  ...VERBS['person.upsert'],

  async run(context: MarketoContext, input) {
    const email = (input.email ?? input.facts.email)?.toLowerCase();
    const key = input.record === undefined ? email : `id ${input.record.id}`;
    if (key === undefined) {
      throw new HubError(
        'data',
        'marketo_email_missing',
        'Marketo finds leads by e-mail: none is known.',
      );
    }
    // Two upserts of one address at the same time make two leads.
    return oneAtATime(`${context.settings.restUrl} ${key}`, () => upsert(context, input, email));
  },
});

/** Facts that Marketo keeps on the company; some leads refuse them in this call (error 1021). */
const COMPANY_FACTS = new Set(['company', 'website', 'industry', 'employees']);

async function upsert(
  context: MarketoContext,
  input: VerbInput<'person.upsert'>,
  email: string | undefined,
) {
  const facts = { ...input.facts, ...(email === undefined ? {} : { email }) };
  const id = input.record?.id;
  const first = await sendOrTrim(context, id, facts);
  // A lead that was merged away lives on under its address.
  const gone = id !== undefined && email !== undefined && isSkipped(first, '1004');
  const lead = gone ? await sendOrTrim(context, undefined, facts) : first;
  if (lead.status === 'skipped' || lead.id === undefined) throw recordError(lead.reasons ?? []);
  return { record: { kind: 'lead', id: String(lead.id) }, created: lead.status === 'created' };
}

async function sendOrTrim(context: MarketoContext, id: string | undefined, facts: PersonFacts) {
  const lead = await send(context, id, facts);
  return isSkipped(lead, '1021') ? send(context, id, withoutCompany(facts)) : lead;
}

function isSkipped({ reasons }: z.infer<typeof Lead>, code: string): boolean {
  return reasons?.some((reason) => reason.code === code) ?? false;
}

async function send(
  { http, settings }: MarketoContext,
  id: string | undefined,
  facts: PersonFacts,
) {
  const fields = toFields(facts, settings.fields);
  const { data } = await http.post('/v1/leads.json', {
    ...(id === undefined
      ? { action: 'createOrUpdate', lookupField: 'email', input: [fields] }
      : { action: 'updateOnly', lookupField: 'id', input: [{ ...fields, id: Number(id) }] }),
  });
  return Upserted.parse(data).result[0];
}

/** Owners are left out on purpose: the CRM assigns, and Marketo hears of it through its sync. */
function toFields(facts: PersonFacts, names: Readonly<Record<string, string>>) {
  const fields: Record<string, unknown> = {};
  for (const [fact, value] of Object.entries(facts)) {
    const name = fact === 'owner' ? undefined : names[fact];
    if (name && value !== undefined) fields[name] = value;
  }
  return fields;
}

function withoutCompany(facts: PersonFacts): PersonFacts {
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => !COMPANY_FACTS.has(fact)));
}

const Lead = z.object({
  id: z.number().int().optional(),
  status: z.enum(['created', 'updated', 'skipped']),
  reasons: z.array(z.object({ code: z.string() })).optional(),
});
const Upserted = z.object({ result: z.tuple([Lead]) });
