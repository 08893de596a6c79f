import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import type { Stream, StreamPage } from '#connectors/kit/stream.ts';
import { isHubError } from '#core/errors.ts';
import { type ActivityRow, type LogPage, logPage, pagingToken } from './activity-log.ts';
import type { MarketoContext, MarketoCredentials } from './credentials.ts';
import { factFields } from './facts.ts';
import { readLeads } from './records.ts';
import type { MarketoSettings } from './settings.ts';
import { activityDelivery, isEcho, leadDelivery } from './told.ts';

type MarketoStream = Stream<MarketoCredentials, MarketoSettings>;

/** `at` is when the token was last good: should Marketo forget it, reading goes on from there. */
const Cursor = z.strictObject({ token: z.string(), at: z.string() });

/** Rows reach the log a little after what they tell of. */
const OVERLAP_MS = 5 * 60_000;

type Read = (context: MarketoContext, token: string) => Promise<LogPage>;

function streamOf(
  summary: string,
  everyMinutes: number,
  readPage: Read,
  deliver: (context: MarketoContext, rows: readonly ActivityRow[]) => Promise<Delivery[]>,
): MarketoStream {
  return {
    summary,
    everyMinutes,
    async read(context, place): Promise<StreamPage> {
      const page = await pageAt(context, place, readPage);
      return {
        deliveries: await deliver(context, page.rows),
        cursor: { token: page.token, at: context.now.toISOString() },
        more: page.more,
      };
    },
  };
}

async function pageAt(
  context: MarketoContext,
  place: Parameters<MarketoStream['read']>[1],
  readPage: Read,
): Promise<LogPage> {
  const since = (at: Date) => pagingToken(context, new Date(at.getTime() - OVERLAP_MS));
  if (!('cursor' in place)) return readPage(context, await since(place.from));
  const { token, at } = Cursor.parse(place.cursor);
  try {
    return await readPage(context, token);
  } catch (error) {
    // What is refused may be the token: a fresh one from the same moment shows it.
    if (!isHubError(error) || error.code !== 'marketo_value_refused') throw error;
    return readPage(context, await since(new Date(at)));
  }
}

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/lead-database/activities */
const activities = streamOf(
  'What people did: mails, pages, forms, and which leads were merged.',
  15,
  (context, token) => {
    const activityTypeIds = Object.keys(context.settings.activityTypes).join(',');
    return logPage(context, 'activities', token, { activityTypeIds });
  },
  async (context, rows) => {
    const email = context.settings.fields['email'];
    const ids = [...new Set(rows.map(({ leadId }) => leadId))];
    const leads = email ? await readLeads(context, ids, [email]) : [];
    const emails = new Map(leads.map((lead) => [String(lead.id), lead[email ?? '']]));
    return rows.map((row) => activityDelivery(row, emails.get(row.leadId)));
  },
);

const leads = streamOf(
  'Leads that are new, and changes of what is known of the others.',
  10,
  (context, token) =>
    logPage(context, 'activities/leadchanges', token, { fields: fieldNames(context).join(',') }),
  async (context, rows) => {
    const news = rows.filter((row) => !isEcho(row, context.settings));
    const ids = [...new Set(news.map(({ leadId }) => leadId))];
    const found = await readLeads(context, ids, [...fieldNames(context), 'updatedAt']);
    return found.map((lead) =>
      leadDelivery(
        lead,
        news.filter(({ leadId }) => leadId === String(lead.id)),
      ),
    );
  },
);

const deletions = streamOf(
  'Leads that were deleted.',
  60,
  (context, token) => logPage(context, 'activities/deletedleads', token),
  async (_context, rows) => rows.map((row) => activityDelivery(row, undefined)),
);

export const streams = { activities, leads, deletions } as const;

function fieldNames({ settings }: MarketoContext): string[] {
  const { fields } = settings;
  return [...factFields(fields, 'lead'), ...factFields(fields, 'company')].map(([, name]) => name);
}
