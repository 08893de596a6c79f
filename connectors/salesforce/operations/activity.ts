import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { Instant } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { withLiving } from '../living.ts';
import { upsertRecord } from '../records.ts';
import { ACTIVITY_KEY, MOST_SUBJECT } from '../task-limits.ts';

/**
 * Upserts a completed task under the effect's key: a repeat changes what the first call wrote. The
 * key also tells it from the work of salespeople when it comes back as a change.
 */
export const recordActivity = defineOperation({
  summary: 'Writes a marketing interaction to the timeline of a lead or contact.',
  idempotent: true,
  input: z.strictObject({
    record: VendorRecord,
    at: Instant,
    /** What the timeline shows. */
    title: z.string().min(1),
    kind: z.string().optional(),
    url: z.string().optional(),
    body: z.string().optional(),
  }),
  output: z.strictObject({ id: z.string() }),

  async run(context: SalesforceContext, { record, at, title, kind, url, body }) {
    const key = {
      field: context.settings.taskKeyField,
      value: `${ACTIVITY_KEY}${contentHash(context.key).slice(0, 24)}`,
    };
    const lines = [body, url, kind === undefined ? undefined : `${kind}, ${at}`];
    const { id } = await withLiving(context, record, (living) =>
      upsertRecord(context, 'Task', key, {
        WhoId: living.id,
        Subject: title.slice(0, MOST_SUBJECT),
        Description: lines.filter((line) => line !== undefined).join('\n'),
        Status: 'Completed',
        Priority: 'Normal',
        ActivityDate: at.slice(0, 10),
      }),
    );
    return { id };
  },
});
