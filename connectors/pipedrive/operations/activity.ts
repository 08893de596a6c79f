import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VERBS, VendorRecord } from '#core/operations.ts';
import { ask, askPage, markOf, PipedriveActivity, userByEmail, write } from '../api.ts';
import type { PipedriveContext } from '../credentials.ts';

const ACTIVITIES = '/api/v2/activities';
const NOTES = '/api/v1/notes';

/** Pipedrive takes no key, so the note of the activity carries a mark. */
export const createTask = defineOperation({
  summary: 'Makes an activity for the owner of a person.',
  idempotent: false,
  ...VERBS['task.create'],
  async run(context: PipedriveContext, { record, owner, subject, body, dueAt }) {
    const at = new Date(dueAt).toISOString();
    const id = await write(context, 'post', ACTIVITIES, {
      subject,
      type: 'task',
      due_date: at.slice(0, 10),
      due_time: at.slice(11, 16),
      owner_id: await userByEmail(context, owner),
      participants: [{ person_id: Number(record.id), primary: true }],
      note: `${body}\n\n${markOf(context.key)}`,
    });
    return { task: { kind: 'activity', id } };
  },
  async find(context, { record }) {
    const params = { person_id: record.id, limit: 500, sort_by: 'id', sort_direction: 'desc' };
    const { rows } = await askPage(context, PipedriveActivity, ACTIVITIES, params);
    const found = rows.find(({ note }) => note?.includes(markOf(context.key)));
    return found && { task: { kind: 'activity', id: String(found.id) } };
  },
});

/** Writes a state, so that a repeat writes the same. */
export const closeTask = defineOperation({
  summary: 'Marks an activity as done.',
  idempotent: true,
  ...VERBS['task.close'],
  async run(context: PipedriveContext, { task }) {
    await write(context, 'patch', `${ACTIVITIES}/${task.id}`, { done: true });
    return {};
  },
});

const Notes = z.array(z.object({ id: z.number(), content: z.string().nullish() })).nullish();

/** Pipedrive takes no key, so the note carries a mark. Notes have no version 2 of the API. */
export const createNote = defineOperation({
  summary: 'Writes a note to a person.',
  idempotent: false,
  input: z.strictObject({ record: VendorRecord, text: z.string().min(1).max(90_000) }),
  output: z.strictObject({ note: VendorRecord }),
  async run(context: PipedriveContext, { record, text }) {
    const content = `${text}\n\n${markOf(context.key)}`;
    const id = await write(context, 'post', NOTES, { content, person_id: Number(record.id) });
    return { note: { kind: 'note', id } };
  },
  async find(context, { record }) {
    const params = { person_id: record.id, limit: 500, sort: 'id DESC' };
    const found = (await ask(context, Notes, NOTES, params))?.find(({ content }) =>
      content?.includes(markOf(context.key)),
    );
    return found && { note: { kind: 'note', id: String(found.id) } };
  },
});
