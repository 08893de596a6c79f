import type { Context, Hono } from 'hono';
import { answer, type FakeInstance, refusal, skipped } from './instance.ts';

/** Static lists, and campaigns that can be requested. */
export function listRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/lists/:list/leads.json', (context) => change(context, instance, 'add'));
  app.delete('/rest/v1/lists/:list/leads.json', (context) => change(context, instance, 'remove'));
  app.get('/rest/v1/lists/:list/leads/ismember.json', (context) => {
    const members = instance.lists.get(Number(context.req.param('list')));
    if (members === undefined) return context.json(refusal('1013', 'List not found'));
    const ids = (context.req.queries('id') ?? []).map(Number);
    return context.json(
      answer(
        ids.map((id) => {
          if (!instance.leads.has(id)) return { id, ...skipped('1004') };
          return { id, status: members.has(id) ? 'memberof' : 'notmemberof' };
        }),
      ),
    );
  });

  app.post('/rest/v1/campaigns/:file/trigger.json', async (context) => {
    const campaign = Number(context.req.param('file'));
    if (!(instance.options.campaigns ?? [2001]).includes(campaign)) {
      return context.json(refusal('1013', `Campaign ${campaign} not found`));
    }
    const { input } = await context.req.json<{
      input: { leads: { id: number }[]; tokens?: { name: string; value: string }[] };
    }>();
    for (const { id } of input.leads) {
      instance.write('campaign.request', `lead ${id}`, { campaign, tokens: input.tokens ?? [] });
    }
    return context.json(answer([{ id: campaign }]));
  });
}

const MOST_LEADS = 300;

function change(context: Context, instance: FakeInstance, how: 'add' | 'remove') {
  const list = Number(context.req.param('list'));
  const members = instance.lists.get(list);
  if (members === undefined) return context.json(refusal('1013', `List ${list} not found`));
  const ids = (context.req.queries('id') ?? []).map(Number);
  if (ids.length > MOST_LEADS) return context.json(refusal('1003', 'Too many leads'));
  return context.json(answer(ids.map((id) => changeOne(instance, members, { list, id, how }))));
}

function changeOne(
  instance: FakeInstance,
  members: Set<number>,
  { list, id, how }: { list: number; id: number; how: 'add' | 'remove' },
) {
  if (!instance.leads.has(id)) return { id, ...skipped('1004') };
  if (how === 'remove' && !members.delete(id)) return { id, ...skipped('1015') };
  if (how === 'add' && members.has(id)) return { id, status: 'added' };
  if (how === 'add') members.add(id);
  instance.write(`list.${how}`, `lead ${id}`, { list });
  return { id, status: how === 'add' ? 'added' : 'removed' };
}
