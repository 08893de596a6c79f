import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { answer, type FakeInstance, type FakeLead, refusal, skipped } from './instance.ts';
import { knownFields } from './schema.ts';
import { BY_API, keepLead, leadsWith, mergeInto } from './store.ts';

const Upsert = z.object({
  action: z.enum(['createOrUpdate', 'createOnly', 'updateOnly']).default('createOrUpdate'),
  lookupField: z.enum(['email', 'id']).default('email'),
  partitionName: z.string().optional(),
  input: z.array(z.record(z.string(), z.unknown())).min(1).max(300),
});
type Upsert = z.infer<typeof Upsert>;

const MOST_BODY_BYTES = 1_000_000;
const MOST_VALUES = 300;
/** A filter that finds more than this is refused. */
const MOST_MATCHES = 1_000;

/** Leads by e-mail address or id, and what becomes of two that are one person. */
export function leadRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/leads.json', async (context) => {
    if (context.req.query('_method') === 'GET') return search(context, instance);
    const sent = await context.req.text();
    if (sent.length > MOST_BODY_BYTES) return context.text('Request Entity Too Large', 413);
    const body = Upsert.safeParse(JSON.parse(sent));
    if (!body.success) return context.json(refusal('609', 'Invalid JSON'));
    const results = body.data.input.map((input) => ({
      input,
      found: matches(instance, body.data, input),
    }));
    // Real upserts look first and write later: two at once both find nothing.
    const gap = instance.options.upsertGapMs;
    if (gap !== undefined) await new Promise((resolve) => setTimeout(resolve, gap));
    const late = instance.lateRefusals.shift();
    if (late !== undefined) return context.json(refusal(late, 'as the test asked'));
    const partial = instance.options.faults?.strikes('partial', context.req.path) === true;
    return context.json(
      answer(
        results.map(({ input, found }, index) =>
          partial && index === 0
            ? skipped('1003')
            : upsert(instance, body.data.action, input, found),
        ),
      ),
    );
  });

  app.get('/rest/v1/leads.json', (context) => search(context, instance));

  app.post('/rest/v1/leads/:lead/associate.json', (context) => {
    const lead = Number(context.req.param('lead'));
    if (!instance.leads.has(lead)) return context.json(refusal('1004', 'Lead not found'));
    const cookie = context.req.query('cookie') ?? '';
    if (!/^id:.+&token:.+$/.test(cookie)) return context.json(refusal('1003', 'Invalid cookie'));
    instance.write('person.associate', `lead ${lead}`, { cookie });
    return context.json(answer([]));
  });

  app.post('/rest/v1/leads/:lead/merge.json', (context) => {
    const winner = Number(context.req.param('lead'));
    const losers = (context.req.query('leadIds') ?? '').split(',').map(Number);
    if (![winner, ...losers].every((id) => instance.leads.has(id))) {
      return context.json(refusal('1004', 'Lead not found'));
    }
    mergeInto(instance, winner, losers);
    return context.json(answer([]));
  });
}

/** The form of a question that was too long for an address, or the address's own query. */
async function questionOf(context: Context): Promise<Readonly<Record<string, string>>> {
  if (context.req.method === 'GET') return context.req.query();
  return Object.fromEntries(new URLSearchParams(await context.req.text()));
}

async function search(context: Context, instance: FakeInstance) {
  const { filterType = '', filterValues = '', fields = 'id,email' } = await questionOf(context);
  const wanted = new Set(filterValues.toLowerCase().split(','));
  if (wanted.size > MOST_VALUES) return context.json(refusal('1003', 'Too many filter values'));
  const found = filtered(instance, filterType, wanted);
  if (found.length > MOST_MATCHES) return context.json(refusal('1003', 'Too many results'));
  const names = ['id', ...fields.split(',')];
  const unknown = names.filter((name) => instance.drifted.has(name));
  if (unknown.length > 0) return context.json(refusal('1006', `Field '${unknown[0]}' not found`));
  return context.json(
    answer(
      found.map((lead) => {
        const whole: Record<string, unknown> = { ...instance.stamps.get(lead.id), ...lead };
        return Object.fromEntries(names.map((name) => [name, whole[name] ?? null]));
      }),
    ),
  );
}

function filtered(instance: FakeInstance, filterType: string, wanted: ReadonlySet<string>) {
  if (filterType === 'email') return [...wanted].flatMap((email) => leadsWith(instance, email));
  if (filterType === 'id') return [...wanted].flatMap((id) => instance.leads.get(Number(id)) ?? []);
  return [...instance.leads.values()].filter((lead) =>
    wanted.has(String(lead[filterType]).toLowerCase()),
  );
}

function matches(
  instance: FakeInstance,
  { lookupField }: Upsert,
  input: Record<string, unknown>,
): FakeLead[] {
  const wanted = String(input[lookupField] ?? '').toLowerCase();
  if (lookupField === 'email') return leadsWith(instance, wanted);
  const lead = instance.leads.get(Number(wanted));
  return lead === undefined ? [] : [lead];
}

function upsert(
  instance: FakeInstance,
  action: Upsert['action'],
  input: Record<string, unknown>,
  found: readonly FakeLead[],
) {
  const reason = reasonToSkip(instance, action, input, found);
  if (reason !== undefined) return skipped(reason);
  const ignored = instance.options.ignoredFields ?? [];
  const kept = Object.entries(input).filter(([name]) => !ignored.includes(name));
  const { id: _, ...fields } = Object.fromEntries(kept);
  const { lead, isNew, hasChanged } = keepLead(instance, found[0]?.id, fields, BY_API);
  if (isNew || hasChanged) instance.write('person.upsert', `lead ${lead.id}`, input);
  return { id: lead.id, status: isNew ? 'created' : 'updated' };
}

const COMPANY_FIELDS = ['company', 'website', 'industry', 'numberOfEmployees'];

function reasonToSkip(
  instance: FakeInstance,
  action: Upsert['action'],
  input: Record<string, unknown>,
  found: readonly FakeLead[],
): string | undefined {
  const email = String(input['email'] ?? found[0]?.['email'] ?? '');
  const set = instance.skipped.get(email);
  // 1021 is about company fields: an upsert without them goes through.
  if (set === '1021') return COMPANY_FIELDS.some((name) => name in input) ? set : undefined;
  if (set !== undefined) return set;
  if (/[^\x20-\x7e]/.test(email)) return '1003';
  return reasonInFields(instance, input) ?? reasonInMatches(action, found);
}

function reasonInFields(instance: FakeInstance, input: Record<string, unknown>) {
  if (Object.keys(input).some((name) => instance.drifted.has(name))) return '1006';
  if (instance.options.crmSync === true && 'externalSalesPersonId' in input) return '1018';
  const company = input['externalCompanyId'];
  if (company !== undefined && !instance.companies.has(String(company))) return '1003';
  return Object.keys(input).some((name) => name.includes(' ')) || !knownFields(input)
    ? '1006'
    : undefined;
}

function reasonInMatches(action: Upsert['action'], found: readonly FakeLead[]) {
  if (found.length > 1) return '1007';
  if (action === 'createOnly' && found.length > 0) return '1005';
  return action === 'updateOnly' && found.length === 0 ? '1004' : undefined;
}
