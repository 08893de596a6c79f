import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { isHubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { withLiving } from '../living.ts';
import { patchRecord, upsertRecord } from '../records.ts';
import { MOST_SUBJECT } from '../task-limits.ts';
import { userByEmail } from '../users.ts';

/**
 * Upserts under the effect's key: a repeat changes the task that the first call made.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_task.htm
 */
export const createTask = defineOperation({
  summary: 'Gives the owner of a lead or contact a task with a due time.',
  idempotent: true,
  ...VERBS['task.create'],

  async run(context: SalesforceContext, { record, owner, subject, body, dueAt }) {
    const { Id: ownerId } = await userByEmail(context, owner);
    const key = {
      field: context.settings.taskKeyField,
      value: contentHash(context.key).slice(0, 32),
    };
    const due = new Date(dueAt).toISOString();
    const { id } = await withLiving(context, record, (living) =>
      // No status: a new task gets the organisation's first one, and a repeated call does not
      // reopen a task that was done in between.
      upsertRecord(context, 'Task', key, {
        WhoId: living.id,
        OwnerId: ownerId,
        Subject: subject.slice(0, MOST_SUBJECT),
        Description: body,
        Priority: 'High',
        ActivityDate: due.slice(0, 10),
        IsReminderSet: true,
        ReminderDateTime: due,
      }),
    );
    return { task: { kind: 'task', id } };
  },
});

/** Sets a value: calling again sets the same one. */
export const closeTask = defineOperation({
  summary: 'Completes a task that nobody has to do any more; one that is gone counts as closed.',
  idempotent: true,
  ...VERBS['task.close'],

  async run(context: SalesforceContext, input) {
    try {
      await patchRecord(context, 'Task', input.task.id, { Status: 'Completed' });
    } catch (error) {
      if (!isHubError(error, 'data') || error.code !== 'salesforce_record_not_found') throw error;
    }
    return {};
  },
});
