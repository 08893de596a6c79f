import { isHubError } from '#core/errors.ts';
import type { TranslatedEvent } from '#core/events.ts';
import { contactSubject } from './contacts.ts';
import type { HubspotEvent, News, WorkflowCall } from './event.ts';
import type { Reading } from './reader.ts';
import type { HubspotSettings } from './settings.ts';
import { companyChanged, companySent } from './translate-company.ts';
import {
  contactChanged,
  contactCreated,
  contactRestored,
  contactSent,
} from './translate-contact.ts';
import { dealChanged, dealSent } from './translate-deal.ts';
import { taskCompleted } from './translate-task.ts';
import { ticketChanged, ticketSent } from './translate-ticket.ts';

type Translation = (
  event: HubspotEvent,
  news: News,
  context: Reading,
) => Promise<TranslatedEvent[]> | TranslatedEvent[];

const nothing: Translation = () => [];

/** What is of interest, by object type and change; everything else is not. */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  'contact.creation': contactCreated,
  'contact.propertyChange': contactChanged,
  'contact.merge': contactMerged,
  'contact.privacyDeletion': contactErased,
  'contact.restore': contactRestored,
  // A privacy deletion is told as a deletion, too; one without it takes nobody's person away.
  'contact.deletion': nothing,
  // Its other end tells the same.
  'contact.associationChange': nothing,
  'company.creation': companyChanged,
  'company.propertyChange': companyChanged,
  'company.merge': companyChanged,
  'company.restore': companyChanged,
  'company.deletion': nothing,
  'company.associationChange': nothing,
  'deal.creation': dealChanged,
  'deal.propertyChange': dealChanged,
  'deal.associationChange': dealChanged,
  'deal.merge': dealChanged,
  'deal.restore': dealChanged,
  // It is gone, so that nobody can tell whose it was or how it ended.
  'deal.deletion': nothing,
  'ticket.creation': ticketChanged,
  'ticket.propertyChange': ticketChanged,
  'ticket.associationChange': ticketChanged,
  'ticket.merge': ticketChanged,
  'ticket.restore': ticketChanged,
  'ticket.deletion': nothing,
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
  context: Reading,
): Promise<TranslatedEvent[]> {
  const translation = TRANSLATIONS[`${event.objectType}.${event.change}`];
  if (translation === undefined || isEcho(event, context.settings)) return [];
  const news = { at: new Date(event.occurredAt).toISOString(), sourceId };
  return unlessGone(async () => translation(event, news, context));
}

type Sent = (
  of: { readonly id: string; readonly means?: string | undefined },
  news: News,
  context: Reading,
) => Promise<TranslatedEvent[]>;

const SENT: Readonly<Record<string, Sent>> = {
  contact: contactSent,
  company: companySent,
  deal: dealSent,
  ticket: ticketSent,
};

/** Turns what a workflow sent into canonical events: how the record stands when it is read. */
export async function translateWorkflowCall(
  call: WorkflowCall,
  delivery: { readonly dedupeKey: string; readonly receivedAt: string },
  context: Reading,
): Promise<TranslatedEvent[]> {
  const news = { at: call.at ?? delivery.receivedAt, sourceId: delivery.dedupeKey };
  const sent = SENT[call.objectType];
  if (sent === undefined) return [];
  return unlessGone(() => sent({ id: call.objectId, means: call.means }, news, context));
}

async function unlessGone(translate: () => Promise<TranslatedEvent[]>): Promise<TranslatedEvent[]> {
  try {
    return await translate();
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
  { connection }: Reading,
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
  { connection }: Reading,
): TranslatedEvent[] {
  if (event.objectId === undefined) return [];
  const subject = contactSubject(connection, event.objectId);
  return [{ ...news, type: 'person.erased', subject }];
}
