import type { Hono } from 'hono';
import { answer, type FakeActivity, type FakeInstance, refusal } from './instance.ts';

type NewActivity = Omit<FakeActivity, 'id'>;

/** Custom activities: written once, never recognised as repeats, read page by page. */
export function activityRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/activities/external.json', async (context) => {
    const { input } = await context.req.json<{ input: NewActivity[] }>();
    return context.json(answer(input.map((one) => add(instance, one))));
  });

  app.get('/rest/v1/activities/pagingtoken.json', (context) => {
    const since = Date.parse(context.req.query('sinceDatetime') ?? '');
    if (Number.isNaN(since)) return context.json(refusal('1003', 'Invalid sinceDatetime'));
    return context.json({ requestId: 'fake#1', success: true, nextPageToken: `${since}:0` });
  });

  app.get('/rest/v1/activities.json', (context) => {
    const { nextPageToken = '', activityTypeIds = '', leadIds = '' } = context.req.query();
    const [since = 0, from = 0] = nextPageToken.split(':').map(Number);
    const found = instance.activities.filter(
      (one) =>
        activityTypeIds.split(',').includes(String(one.activityTypeId)) &&
        (leadIds === '' || leadIds.split(',').includes(String(one.leadId))) &&
        Date.parse(one.activityDate) >= Math.floor(since / 1000) * 1000,
    );
    // The first page is empty and says there is more, as Marketo's may be.
    const page = from === 0 ? [] : found.slice(from - 1, from + 99);
    const next = from === 0 ? 1 : from + 100;
    return context.json(
      answer(page, { nextPageToken: `${since}:${next}`, moreResult: next <= found.length }),
    );
  });
}

function add(instance: FakeInstance, one: NewActivity) {
  if (!instance.leads.has(one.leadId)) {
    return { status: 'skipped', reasons: [{ code: '1004', message: 'Lead not found' }] };
  }
  const activity = {
    ...one,
    id: instance.activities.length + 1,
    activityDate: one.activityDate.replace(/\.\d+/, ''),
  };
  instance.activities.push({ ...activity });
  instance.write('activity.add', `lead ${one.leadId}`, { ...one });
  return { id: activity.id, marketoGUID: String(activity.id), status: 'added' };
}
