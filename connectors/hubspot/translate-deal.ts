import type { TranslatedEvent } from '#core/events.ts';
import { associatedIds } from './associations.ts';
import { contactSubject } from './contacts.ts';
import type { HubspotContext } from './credentials.ts';
import { DEAL_PROPERTIES, dealFacts } from './deals.ts';
import type { HubspotEvent, News } from './event.ts';
import { readObject } from './objects.ts';

const NEWSWORTHY = new Set(['dealstage', 'amount']);

/**
 * A deal was opened, moved, re-priced, or got its contact. A deal without a contact is about
 * nobody yet: the association brings it back.
 */
export async function dealChanged(
  event: HubspotEvent,
  news: News,
  context: HubspotContext,
): Promise<TranslatedEvent[]> {
  const dealId = dealIdOf(event);
  if (dealId === undefined) return [];
  const [contactId] = await associatedIds(context, 'deals', 'contacts', dealId);
  if (contactId === undefined) return [];

  const deal = await readObject(context, 'deals', dealId, DEAL_PROPERTIES);
  const contact = await readObject(context, 'contacts', contactId, ['email']);
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
  if (event.change !== 'associationChange') return event.objectId;
  const gained = event.associationType === 'DEAL_TO_CONTACT' && event.associationRemoved !== true;
  return gained ? event.fromObjectId : undefined;
}
