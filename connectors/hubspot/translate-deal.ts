import type { TranslatedEvent } from '#core/events.ts';
import { associatedIds } from './associations.ts';
import { contactSubject } from './contacts.ts';
import { DEAL_PROPERTIES, dealFacts } from './deals.ts';
import { associatedWith, type HubspotEvent, type News } from './event.ts';
import { type Reading, readForNews } from './reader.ts';

const NEWSWORTHY = new Set(['dealstage', 'amount']);

/**
 * A deal was opened, moved, re-priced, merged, brought back, or got its contact. A deal without a
 * contact is about nobody yet: the association brings it back.
 */
export async function dealChanged(
  event: HubspotEvent,
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const dealId = dealIdOf(event);
  return dealId === undefined ? [] : dealSent({ id: dealId }, news, context);
}

/** How a deal stands now. */
export async function dealSent(
  of: { readonly id: string },
  news: News,
  context: Reading,
): Promise<TranslatedEvent[]> {
  const [contactId] = await associatedIds(context, 'deals', 'contacts', of.id);
  if (contactId === undefined) return [];

  const [deal, contact] = await Promise.all([
    readForNews(context, 'deals', of.id, DEAL_PROPERTIES),
    readForNews(context, 'contacts', contactId, ['email']),
  ]);
  const { id, ...facts } = await dealFacts(context, deal);
  return [
    {
      ...news,
      type: 'opportunity.changed',
      subject: contactSubject(context.connection, contactId, contact.properties['email']),
      opportunity: { ref: { connection: context.connection, kind: 'deal', id }, ...facts },
    },
  ];
}

/** The deal that an event makes news of; `undefined` if the event says nothing of interest. */
function dealIdOf(event: HubspotEvent): string | undefined {
  if (event.change === 'propertyChange' && !NEWSWORTHY.has(event.propertyName ?? ''))
    return undefined;
  if (event.change === 'merge') return event.newObjectId ?? event.primaryObjectId ?? event.objectId;
  if (event.change !== 'associationChange') return event.objectId;
  const gained = associatedWith(event) === 'contact' && event.associationRemoved !== true;
  return gained ? event.fromObjectId : undefined;
}
