import { defineOperation } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { isHubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { SalesforceContext } from '../credentials.ts';
import { convertedContact, isConverted, patchRecord, upsertRecord } from '../records.ts';
import { userByEmail } from '../users.ts';

/** Salesforce cuts nothing off but refuses what is longer. */
const MOST_SUBJECT = 255;

/** https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_task.htm */
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
    const upsert = (whoId: string) =>
      // No status: a new task gets the organisation's first one, and a repeated call does not
      // reopen a task that was done in between.
      upsertRecord(context, 'Task', key, {
        WhoId: whoId,
        OwnerId: ownerId,
        Subject: subject.slice(0, MOST_SUBJECT),
        Description: body,
        Priority: 'High',
        ActivityDate: due.slice(0, 10),
        IsReminderSet: true,
        ReminderDateTime: due,
      });
    try {
      return task((await upsert(record.id)).id);
    } catch (error) {
      const contact = isConverted(error) ? await convertedContact(context, record.id) : undefined;
      if (contact === undefined) throw error;
      return task((await upsert(contact.id)).id);
    }
  },
});

const task = (id: string) => ({ task: { kind: 'task', id } });

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
