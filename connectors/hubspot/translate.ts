import { isHubError } from '#core/errors.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { contactSubject } from './contacts.ts';
import type { HubspotContext, HubspotSettings } from './credentials.ts';
import type { HubspotEvent, News } from './event.ts';
import { contactChanged, contactCreated } from './translate-contact.ts';
import { dealChanged } from './translate-deal.ts';
import { taskCompleted } from './translate-task.ts';

type Translation = (
  event: HubspotEvent,
  news: News,
  context: HubspotContext,
) => Promise<TranslatedEvent[]> | TranslatedEvent[];

/** What is of interest, by object type and change; everything else is not. */
const TRANSLATIONS: Record<string, Translation> = {
  'contact.creation': contactCreated,
  'contact.propertyChange': contactChanged,
  'contact.merge': contactMerged,
  'contact.privacyDeletion': contactErased,
  'deal.creation': dealChanged,
  'deal.propertyChange': dealChanged,
  'deal.associationChange': dealChanged,
  'task.creation': taskCompleted,
  'task.propertyChange': taskCompleted,
};

/**
 * Turns one HubSpot event into canonical events. HubSpot sends no properties, so the record is
 * read; one that is gone meanwhile has no news to tell.
 */
export async function translateHubspot(
  event: HubspotEvent,
  sourceId: string,
  context: HubspotContext,
): Promise<TranslatedEvent[]> {
  const translation = TRANSLATIONS[`${event.objectType}.${event.change}`];
  if (translation === undefined || isEcho(event, context.settings)) return [];
  const news = { at: new Date(event.occurredAt).toISOString(), sourceId };
  try {
    return await translation(event, news, context);
  } catch (error) {
    if (isHubError(error, 'data') && error.code === 'hubspot_record_not_found') return [];
    throw error;
  }
}

/** Whether the hub itself made the change. */
function isEcho(event: HubspotEvent, settings: HubspotSettings): boolean {
  const own = [String(settings.appId), ...settings.ownSourceIds];
  return event.changeSource === 'INTEGRATION' && own.includes(event.sourceId ?? '');
}

function contactMerged(
  event: HubspotEvent,
  news: News,
  { connection }: HubspotContext,
): TranslatedEvent[] {
  const primary = event.primaryObjectId ?? event.objectId;
  const into = event.newObjectId ?? primary;
  if (into === undefined || primary === undefined) return [];
  const from = new Set([primary, ...(event.mergedObjectIds ?? [])]);
  // A merge may make a record with an id of its own or keep the primary's.
  from.delete(into);
  const ref = (id: string) => ({ connection, kind: 'contact', id });
  return [
    {
      ...news,
      type: 'person.merged',
      subject: contactSubject(connection, into),
      into: ref(into),
      from: [...from].map(ref),
    },
  ];
}

function contactErased(
  event: HubspotEvent,
  news: News,
  { connection }: HubspotContext,
): TranslatedEvent[] {
  if (event.objectId === undefined) return [];
  const subject = contactSubject(connection, event.objectId);
  return [{ ...news, type: 'person.erased', subject }];
}
