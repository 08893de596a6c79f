import type { Subject } from '#core/events.ts';
import { associatedIds } from './associations.ts';
import { contactSubject } from './contacts.ts';
import { associatedWith, type HubspotEvent } from './event.ts';
import type { HubspotObject } from './objects.ts';
import { type Reading, readForNews } from './reader.ts';

/** The deal or ticket that an event makes news of; `undefined` if it says nothing of interest. */
export function toldOf(event: HubspotEvent, newsworthy: ReadonlySet<string>): string | undefined {
  if (event.change === 'propertyChange' && !newsworthy.has(event.propertyName ?? ''))
    return undefined;
  if (event.change === 'merge') return event.newObjectId ?? event.primaryObjectId ?? event.objectId;
  if (event.change !== 'associationChange') return event.objectId;
  const gained = associatedWith(event) === 'contact' && event.associationRemoved !== true;
  return gained ? event.fromObjectId : undefined;
}

/**
 * A deal or ticket and the first of its contacts. One without a contact is about nobody yet, and
 * `undefined`: the association brings it back.
 */
export async function readWithContact(
  context: Reading,
  type: 'deals' | 'tickets',
  id: string,
  properties: readonly string[],
): Promise<{ object: HubspotObject; subject: Subject } | undefined> {
  const [contactId] = await associatedIds(context, type, 'contacts', id);
  if (contactId === undefined) return undefined;
  const [object, contact] = await Promise.all([
    readForNews(context, type, id, properties),
    readForNews(context, 'contacts', contactId, ['email']),
  ]);
  const { email } = contact.properties;
  return { object, subject: contactSubject(context.connection, contactId, email) };
}
