import type { Context, Hono } from 'hono';
import { answer, type FakeInstance, refusal } from './instance.ts';

/** Static lists, and campaigns that can be requested. */
export function listRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/lists/:list/leads.json', (context) => change(context, instance, 'add'));
  app.delete('/rest/v1/lists/:list/leads.json', (context) => change(context, instance, 'remove'));

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

function change(context: Context, instance: FakeInstance, how: 'add' | 'remove') {
  const list = Number(context.req.param('list'));
  const members = instance.lists.get(list);
  if (members === undefined) return context.json(refusal('1013', `List ${list} not found`));
  const ids = (context.req.queries('id') ?? []).map(Number);
  return context.json(answer(ids.map((id) => changeOne(instance, members, { list, id, how }))));
}

function changeOne(
  instance: FakeInstance,
  members: Set<number>,
  { list, id, how }: { list: number; id: number; how: 'add' | 'remove' },
) {
  const skipped = (code: string) => ({ id, status: 'skipped', reasons: [{ code, message: '' }] });
  if (!instance.leads.has(id)) return skipped('1004');
  if (how === 'remove' && !members.delete(id)) return skipped('1015');
  if (how === 'add' && members.has(id)) return { id, status: 'added' };
  if (how === 'add') members.add(id);
  instance.write(`list.${how}`, `lead ${id}`, { list });
  return { id, status: how === 'add' ? 'added' : 'removed' };
}
