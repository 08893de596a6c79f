import * as z from 'zod';
import type { TranslatedEvent } from '#core/events.ts';
import type { News, SalesforceChange } from './change.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { findPerson, subjectOf } from './people.ts';
import { kindOf, recordOf } from './records.ts';
import { query, raw, soql } from './soql.ts';
import { ACTIVITY_KEY } from './task-limits.ts';
import { actorOf } from './users.ts';

const Task = z.looseObject({
  WhoId: z.string().nullish(),
  OwnerId: z.string(),
  Subject: z.string().nullish(),
  Type: z.string().nullish(),
  TaskSubtype: z.string().nullish(),
  Status: z.string(),
  IsClosed: z.boolean(),
});
type Task = z.infer<typeof Task>;

/** A salesperson completed a task, or logged one that was done already. */
export async function taskChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  const isOther = change.kind === 'UPDATE' && !change.changed.includes('Status');
  if (change.kind === 'DELETE' || isOther) return [];
  const task = change.whole === true ? Task.parse(change.fields) : await findTask(change, context);
  // What the hub wrote to a timeline is no work of a salesperson.
  const key = String(task?.[context.settings.taskKeyField] ?? '');
  if (key.startsWith(ACTIVITY_KEY)) return [];
  const who = task?.WhoId ?? '';
  // Open, reopened since, or about nobody that the hub could know.
  if (task === undefined || !task.IsClosed || kindOf(who) === undefined) return [];
  const person = await findPerson(context, recordOf(who));
  if (person === undefined) return [];
  return [
    {
      ...news,
      type: 'handoff.worked',
      subject: subjectOf(context.connection, person),
      by: await actorOf(context, change.user, task.OwnerId),
      via: 'crm',
      activity: activityOf(task),
      ...(task.Subject ? { summary: task.Subject } : {}),
    },
  ];
}

/** The fields of a task that the hub reads, for a query. */
export function taskFields({ taskKeyField }: SalesforceSettings): string[] {
  const own = ['WhoId', 'OwnerId', 'Subject', 'Type', 'TaskSubtype', 'Status', 'IsClosed'];
  return [...own, taskKeyField];
}

async function findTask(
  change: SalesforceChange,
  context: SalesforceContext,
): Promise<Task | undefined> {
  const wanted = raw(taskFields(context.settings).join(', '));
  const text = soql`SELECT ${wanted} FROM Task WHERE Id = ${change.recordId}`;
  return (await query(context, Task, text))[0];
}

function activityOf(task: Task): 'call' | 'email' | 'meeting' | 'task' {
  const words = `${task.TaskSubtype ?? ''} ${task.Type ?? ''}`.toLowerCase();
  const known = (['call', 'email', 'meeting'] as const).find((word) => words.includes(word));
  return known ?? 'task';
}
