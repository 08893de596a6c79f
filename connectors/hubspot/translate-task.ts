import type { TranslatedEvent } from '#core/events.ts';
import { changerActor } from './actors.ts';
import { associatedIds } from './associations.ts';
import { contactSubject } from './contacts.ts';
import { type HubspotEvent, type News, newValue } from './event.ts';
import { type Reading, readForNews } from './reader.ts';

const ACTIVITY: Record<string, 'call' | 'email' | 'meeting'> = {
  CALL: 'call',
  EMAIL: 'email',
  MEETING: 'meeting',
};

/** A salesperson ticked off a task, or logged one that was done already. */
export async function taskCompleted(
  event: HubspotEvent,
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  if (event.objectId === undefined || !mayComplete(event)) return [];
  const task = await readForNews(context, 'tasks', event.objectId, [
    'hs_task_status',
    'hs_task_type',
    'hs_task_subject',
    'hubspot_owner_id',
  ]);
  const { properties } = task;
  // Reopened since: then it was a slip of the mouse, and there will be news when it is done.
  if (properties['hs_task_status'] !== 'COMPLETED') return [];
  const [contactId] = await associatedIds(context, 'tasks', 'contacts', task.id);
  if (contactId === undefined) return [];
  const contact = await readForNews(context, 'contacts', contactId, ['email']);
  return [
    {
      ...news,
      type: 'handoff.worked',
      subject: contactSubject(context.connection, contactId, contact.properties['email']),
      by: await changerActor(context, event, properties['hubspot_owner_id'] ?? ''),
      via: 'crm',
      activity: ACTIVITY[properties['hs_task_type'] ?? ''] ?? 'task',
      ...(properties['hs_task_subject'] ? { summary: properties['hs_task_subject'] } : {}),
    },
  ];
}

function mayComplete(event: HubspotEvent): boolean {
  if (event.change === 'creation') return true;
  const value = newValue(event, { hs_task_status: 'COMPLETED' });
  return event.propertyName === 'hs_task_status' && value === 'COMPLETED';
}
