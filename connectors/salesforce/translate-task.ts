import * as z from 'zod';
import type { TranslatedEvent } from '#core/events.ts';
import type { News, SalesforceChange } from './change.ts';
import type { SalesforceContext } from './credentials.ts';
import { findPerson, subjectOf } from './people.ts';
import { kindOf, recordOf } from './records.ts';
import { query, soql } from './soql.ts';
import { actorOf } from './users.ts';

const Task = z.object({
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
  const [task] = await query(
    context,
    Task,
    soql`SELECT WhoId, OwnerId, Subject, Type, TaskSubtype, Status, IsClosed FROM Task WHERE Id = ${change.recordId}`,
  );
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

function activityOf(task: Task): 'call' | 'email' | 'meeting' | 'task' {
  const words = `${task.TaskSubtype ?? ''} ${task.Type ?? ''}`.toLowerCase();
  const known = (['call', 'email', 'meeting'] as const).find((word) => words.includes(word));
  return known ?? 'task';
}
