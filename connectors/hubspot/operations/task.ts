import { defineOperation } from '#connectors/kit/connector.ts';
import { isHubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { findMarked } from '../marked.ts';
import { markerOf } from '../marker.ts';
import { ASSOCIATION, createObject, patchObject } from '../objects.ts';
import { ownerByEmail } from '../owners.ts';

const task = (id: string) => ({ task: { kind: 'task', id } });

/** https://developers.hubspot.com/docs/api-reference/crm-tasks-v3/guide */
export const createTask = defineOperation({
  summary: 'Gives the owner of a contact a task with a due time.',
  // HubSpot takes no idempotency key: a retry after a lost answer would make a second task.
  idempotent: false,
  ...VERBS['task.create'],

  async run(context: HubspotContext, { record, owner, subject, body, dueAt }) {
    const { id: ownerId } = await ownerByEmail(context, owner);
    const properties = {
      hs_timestamp: new Date(dueAt).toISOString(),
      hs_task_subject: subject,
      hs_task_body: `${body}\n\n${markerOf(context.key)}`,
      hs_task_status: 'NOT_STARTED',
      hs_task_priority: 'HIGH',
      hs_task_type: 'TODO',
      hubspot_owner_id: ownerId,
    };
    const id = await createObject(context, 'tasks', properties, [
      { id: record.id, typeId: ASSOCIATION.taskToContact },
    ]);
    return task(id);
  },

  async find(context, { record }) {
    const id = await findMarked(context, record.id, 'tasks', 'hs_task_body');
    return id === undefined ? undefined : task(id);
  },
});

export const closeTask = defineOperation({
  summary: 'Completes a task that nobody has to do any more; one that is gone counts as closed.',
  idempotent: true,
  ...VERBS['task.close'],

  async run(context: HubspotContext, input) {
    try {
      await patchObject(context, 'tasks', input.task.id, { hs_task_status: 'COMPLETED' });
    } catch (error) {
      if (!isHubError(error, 'data') || error.code !== 'hubspot_record_not_found') throw error;
    }
    return {};
  },
});
