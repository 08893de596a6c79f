import type { Hono } from 'hono';
import * as z from 'zod';
import { answer, type FakeInstance, type FakeLead, refusal } from './instance.ts';

const Upsert = z.object({
  action: z.enum(['createOrUpdate', 'createOnly', 'updateOnly']).default('createOrUpdate'),
  lookupField: z.enum(['email', 'id']).default('email'),
  input: z.array(z.record(z.string(), z.unknown())).min(1).max(300),
});
type Upsert = z.infer<typeof Upsert>;

/** Leads by e-mail address or id. */
export function leadRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/leads.json', async (context) => {
    const body = Upsert.safeParse(await context.req.json());
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
    return context.json(
      answer(results.map(({ input, found }) => upsert(instance, body.data.action, input, found))),
    );
  });

  app.get('/rest/v1/leads.json', (context) => {
    const { filterType = '', filterValues = '', fields = 'id,email' } = context.req.query();
    const wanted = new Set(filterValues.toLowerCase().split(','));
    const found =
      filterType === 'email'
        ? [...wanted].flatMap((email) => leadsWith(instance, email))
        : [...instance.leads.values()].filter((lead) =>
            wanted.has(String(lead[filterType]).toLowerCase()),
          );
    const names = ['id', ...fields.split(',')];
    return context.json(
      answer(
        found.map((lead) => Object.fromEntries(names.map((name) => [name, lead[name] ?? null]))),
      ),
    );
  });
}

function matches(instance: FakeInstance, { lookupField }: Upsert, input: Record<string, unknown>) {
  const wanted = String(input[lookupField] ?? '').toLowerCase();
  if (lookupField === 'email') return leadsWith(instance, wanted);
  return [...instance.leads.values()].filter(
    (lead) => String(lead[lookupField] ?? '').toLowerCase() === wanted,
  );
}

function upsert(
  instance: FakeInstance,
  action: Upsert['action'],
  input: Record<string, unknown>,
  found: readonly FakeLead[],
) {
  const reason = reasonToSkip(instance, action, input, found);
  if (reason !== undefined) {
    return { status: 'skipped', reasons: [{ code: reason, message: 'as documented' }] };
  }
  const before = found[0];
  const lead = { ...before, ...input, id: before?.id ?? instance.leads.size + 1 };
  keepLead(instance, lead);
  if (before === undefined || JSON.stringify(before) !== JSON.stringify(lead)) {
    instance.write('person.upsert', `lead ${lead.id}`, input);
  }
  return { id: lead.id, status: before === undefined ? 'created' : 'updated' };
}

const emailOf = (lead: FakeLead | undefined) => String(lead?.['email'] ?? '').toLowerCase();

/** Keeps a lead as it is now, so that it is found by its address however many there are. */
export function keepLead({ leads, byEmail }: FakeInstance, lead: FakeLead): void {
  byEmail.get(emailOf(leads.get(lead.id)))?.delete(lead.id);
  leads.set(lead.id, lead);
  const ids = byEmail.get(emailOf(lead));
  if (ids === undefined) byEmail.set(emailOf(lead), new Set([lead.id]));
  else ids.add(lead.id);
}

/** The leads with an address in small letters, the oldest first. */
const leadsWith = ({ leads, byEmail }: FakeInstance, email: string): FakeLead[] =>
  [...(byEmail.get(email) ?? [])]
    .sort((left, right) => left - right)
    .flatMap((id) => leads.get(id) ?? []);

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
  if (found.length > 1) return '1007';
  if (action === 'createOnly' && found.length > 0) return '1005';
  return action === 'updateOnly' && found.length === 0 ? '1004' : undefined;
}
