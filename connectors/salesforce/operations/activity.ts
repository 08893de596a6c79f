import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS } from '#connectors/kit/offered-verbs.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
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
  ...OFFERED_VERBS['activity.record'],

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
    return { activity: { kind: 'task', id } };
  },
});
