import type { Context, Hono } from 'hono';
import {
  answer,
  type FakeActivity,
  type FakeInstance,
  logRow,
  refusal,
  skipped,
  stampOf,
} from './instance.ts';

/** The activity log: written once, never recognising a repeat, read page by page by token. */
export function activityRoutes(app: Hono, instance: FakeInstance): void {
  app.post('/rest/v1/activities/external.json', async (context) => {
    const { input } = await context.req.json<{ input: FakeActivity[] }>();
    return context.json(answer(input.map((one) => add(instance, one))));
  });

  app.get('/rest/v1/activities/pagingtoken.json', (context) => {
    const since = Date.parse(context.req.query('sinceDatetime') ?? '');
    if (Number.isNaN(since)) return context.json(refusal('1003', 'Invalid sinceDatetime'));
    return context.json({ requestId: 'fake#1', success: true, nextPageToken: `${since}+/:0` });
  });

  app.get('/rest/v1/activities.json', (context) => {
    const types = (context.req.query('activityTypeIds') ?? '').split(',');
    const leads = context.req.query('leadIds')?.split(',');
    if (types.length > 10) return context.json(refusal('1003', 'Too many activity types'));
    if ((leads?.length ?? 0) > 30) return context.json(refusal('1003', 'Too many leads'));
    return page(context, instance, ({ activityTypeId, leadId }) => {
      const isWanted = leads === undefined || leads.includes(String(leadId));
      return types.includes(String(activityTypeId)) && isWanted;
    });
  });

  app.get('/rest/v1/activities/leadchanges.json', (context) => {
    const fields = context.req.query('fields')?.split(',') ?? [];
    if (fields.length === 0) return context.json(refusal('1003', 'fields is required'));
    return page(context, instance, ({ activityTypeId, fields: changed = [] }) => {
      if (activityTypeId === 12) return true;
      return changed.some((one) => 'name' in one && fields.includes(String(one.name)));
    });
  });

  app.get('/rest/v1/activities/deletedleads.json', (context) =>
    page(context, instance, ({ activityTypeId }) => activityTypeId === 37),
  );
}

/** A token names a moment and how far the reader has come since: here `<since>+/:<from>`. */
function page(context: Context, instance: FakeInstance, isWanted: (row: FakeActivity) => boolean) {
  const { nextPageToken = '', batchSize = '300' } = context.req.query();
  const [, since = '', at = ''] = /^(\d+)\+\/:(\d+)$/.exec(nextPageToken) ?? [];
  if (since === '') return context.json(refusal('1003', 'Invalid nextPageToken'));
  const from = Number(at);
  const size = Math.min(300, Number(batchSize));
  const rows = instance.log.filter(
    (row) =>
      isWanted(row) && Date.parse(row.activityDate) >= Math.floor(Number(since) / 1000) * 1000,
  );
  // The first page is empty and says there is more, as Marketo's may be.
  const shown = from === 0 ? [] : rows.slice(from - 1, from - 1 + size);
  const next = from === 0 ? 1 : from + shown.length;
  return context.json(
    answer(shown.map(told), {
      nextPageToken: `${since}+/:${next}`,
      moreResult: next <= rows.length,
    }),
  );
}

/** Dates of this log have an offset without a colon. */
const told = (row: FakeActivity) => ({
  ...row,
  activityDate: row.activityDate.replace(/Z$/, '+0000'),
});

function add(instance: FakeInstance, one: FakeActivity) {
  if (!instance.leads.has(one.leadId)) return skipped('1004');
  const activityDate = stampOf(new Date(one.activityDate));
  const { id, marketoGUID } = logRow(instance, { ...one, activityDate });
  instance.write('activity.record', `lead ${one.leadId}`, { ...one });
  return { id, marketoGUID, status: 'added' };
}
