import type { Hono } from 'hono';
import { answer, type FakeInstance, refusal, skipped } from './instance.ts';

type Input = { statusName?: string; input: { leadId: number }[] };

/** Programs with members, companies, and the salespeople that leads may belong to. */
export function programRoutes(app: Hono, instance: FakeInstance): void {
  const { options } = instance;
  app.post(
    '/rest/v1/programs/:program/members/:what{(?:status|delete)\\.json}',
    async (context) => {
      const program = Number(context.req.param('program'));
      const statuses = options.programs?.[program];
      if (statuses === undefined) return context.json(refusal('1013', 'Program not found'));
      const { statusName, input } = await context.req.json<Input>();
      if (statusName !== undefined && !statuses.includes(statusName)) {
        return context.json(answer(input.map(({ leadId }) => ({ leadId, ...skipped('1025') }))));
      }
      return context.json(
        answer(
          input.map(({ leadId }, seq) => ({
            seq,
            leadId,
            ...changeMember(instance, program, leadId, statusName),
          })),
        ),
      );
    },
  );

  app.post('/rest/v1/companies.json', async (context) => {
    if (options.crmSync === true) return context.json(refusal('1018', 'CRM Enabled'));
    const { input } = await context.req.json<{ input: { externalCompanyId: string }[] }>();
    return context.json(
      answer(
        input.map((company, seq) => {
          const known = instance.companies.get(company.externalCompanyId);
          instance.companies.set(company.externalCompanyId, { ...known, ...company });
          return { seq, id: seq + 1, status: known === undefined ? 'created' : 'updated' };
        }),
      ),
    );
  });

  app.get('/rest/v1/salespersons.json', (context) => {
    const wanted = (context.req.query('filterValues') ?? '').split(',');
    const known = options.salespeople ?? [];
    return context.json(
      answer(
        wanted
          .filter((one) => known.includes(one))
          .map((externalSalesPersonId, seq) => ({ seq, id: seq + 1, externalSalesPersonId })),
      ),
    );
  });
}

function changeMember(
  instance: FakeInstance,
  program: number,
  leadId: number,
  status: string | undefined,
) {
  if (!instance.leads.has(leadId)) return skipped('1004');
  const members = instance.members.get(program) ?? new Map<number, string>();
  instance.members.set(program, members);
  const before = members.get(leadId);
  if (status === undefined) {
    if (!members.delete(leadId)) return skipped('1013');
    instance.write('campaign.remove', `lead ${leadId}`, { program });
    return { status: 'deleted' };
  }
  members.set(leadId, status);
  if (before !== status) instance.write('campaign.add', `lead ${leadId}`, { program, status });
  return { status: before === undefined ? 'created' : 'updated' };
}
