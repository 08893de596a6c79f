import type { EventOf, TranslatedEvent } from '#core/events.ts';
import { associatedIds } from './associations.ts';
import { contactSubject } from './contacts.ts';
import { associatedWith, type HubspotEvent, type News } from './event.ts';
import { stageOf } from './pipelines.ts';
import { type Reading, readForNews } from './reader.ts';

const NEWSWORTHY = new Set(['hs_pipeline_stage', 'hs_ticket_priority']);
const TICKET_PROPERTIES = ['hs_pipeline_stage', 'hs_ticket_priority'] as const;

/** HubSpot's own priorities; none is as good as normal. */
const SEVERITY: Readonly<Record<string, EventOf<'ticket.changed'>['severity']>> = {
  LOW: 'low',
  MEDIUM: 'normal',
  HIGH: 'high',
  URGENT: 'severe',
};

/** A ticket was opened, moved, made more or less urgent, merged, brought back, or got its contact. */
export async function ticketChanged(
  event: HubspotEvent,
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const ticketId = ticketIdOf(event);
  return ticketId === undefined ? [] : ticketSent({ id: ticketId }, news, context);
}

/** How a ticket stands now; about nobody until it has a contact. */
export async function ticketSent(
  { id }: { readonly id: string },
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const [contactId] = await associatedIds(context, 'tickets', 'contacts', id);
  if (contactId === undefined) return [];
  const [ticket, contact] = await Promise.all([
    readForNews(context, 'tickets', id, TICKET_PROPERTIES),
    readForNews(context, 'contacts', contactId, ['email']),
  ]);
  const stage = await stageOf(context, 'tickets', ticket.properties['hs_pipeline_stage'] ?? '');
  return [
    {
      ...news,
      type: 'ticket.changed',
      ticket: id,
      subject: contactSubject(context.connection, contactId, contact.properties['email']),
      severity: SEVERITY[ticket.properties['hs_ticket_priority'] ?? ''] ?? 'normal',
      open: stage?.metadata.ticketState !== 'CLOSED' && stage?.metadata.isClosed !== 'true',
    },
  ];
}

function ticketIdOf(event: HubspotEvent): string | undefined {
  if (event.change === 'propertyChange' && !NEWSWORTHY.has(event.propertyName ?? ''))
    return undefined;
  if (event.change === 'merge') return event.newObjectId ?? event.primaryObjectId ?? event.objectId;
  if (event.change !== 'associationChange') return event.objectId;
  const gained = associatedWith(event) === 'contact' && event.associationRemoved !== true;
  return gained ? event.fromObjectId : undefined;
}
