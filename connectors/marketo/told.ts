import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { type ActivityRow, attributeOf } from './activity-log.ts';
import type { LeadFields } from './records.ts';
import type { MarketoSettings } from './settings.ts';

/** Types whose numbers Marketo documents for all instances. */
export const NEW_LEAD = '12';
export const CHANGED_VALUE = '13';
export const DELETED_LEAD = '37';

/** What a delivery may hold: a webhook's call, a row of the log, or a lead that changed. */
export const Told = z.union([
  z.strictObject({ event: z.string(), lead: z.looseObject({}) }),
  z.strictObject({ activity: z.looseObject({}), email: z.string().optional() }),
  z.strictObject({
    changed: z.looseObject({ id: z.number() }),
    /** The names of the fields that changed; none for a lead that is new. */
    fields: z.array(z.string()),
    at: z.string(),
  }),
]);

/** The same row has the same key, whether it was asked for or the data stream brought it. */
export function activityDelivery(row: ActivityRow, email: unknown): Delivery {
  const key = row.guid === '' ? contentHash(JSON.stringify(row)) : row.guid;
  return {
    dedupeKey: `activity:${key}`,
    group: `lead:${row.leadId}`,
    body: {
      activity: { ...row, marketoGUID: row.guid },
      ...(typeof email === 'string' && email !== '' ? { email } : {}),
    },
  };
}

/** One delivery for all that changed: the lead as it is now, under the time of its last change. */
export function leadDelivery(lead: LeadFields, rows: readonly ActivityRow[]): Delivery {
  const stamp = String(lead['updatedAt'] ?? rows.at(-1)?.activityDate ?? '');
  return {
    dedupeKey: `lead:${lead.id}:${stamp}`,
    group: `lead:${lead.id}`,
    body: {
      changed: lead,
      fields: [...new Set(rows.flatMap(({ fields }) => fields.map(({ name }) => name)))],
      at: rows.at(-1)?.activityDate ?? stamp,
    },
  };
}

/** Whether a change came by the API: what the hub wrote itself is no news. */
export function isEcho(row: ActivityRow, { echoSources }: MarketoSettings): boolean {
  const source = attributeOf(row, 'Source') ?? attributeOf(row, 'Source Type');
  return source !== undefined && echoSources.includes(source);
}
