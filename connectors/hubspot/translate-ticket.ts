import type { EventOf, TranslatedEvent } from '#core/events.ts';
import { readWithContact, toldOf } from './contact-news.ts';
import type { HubspotEvent, News } from './event.ts';
import { stageOf } from './pipelines.ts';
import type { Reading } from './reader.ts';

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
  const id = toldOf(event, NEWSWORTHY);
  return id === undefined ? [] : ticketSent({ id }, news, context);
}

/** How a ticket stands now. */
export async function ticketSent(
  { id }: { readonly id: string },
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const found = await readWithContact(context, 'tickets', id, TICKET_PROPERTIES);
  if (found === undefined) return [];
  const { properties } = found.object;
  const stage = await stageOf(context, 'tickets', properties['hs_pipeline_stage'] ?? '');
  return [
    {
      ...news,
      type: 'ticket.changed',
      ticket: id,
      subject: found.subject,
      severity: SEVERITY[properties['hs_ticket_priority'] ?? ''] ?? 'normal',
      open: stage?.metadata.ticketState !== 'CLOSED' && stage?.metadata.isClosed !== 'true',
    },
  ];
}
