import * as z from 'zod';
import type { Subject, TranslatedEvent } from '#core/events.ts';
import type { MarketoContext } from './credentials.ts';
import { fromFields } from './facts.ts';
import { happenedAt } from './instant.ts';

const Changed = z.object({
  changed: z.looseObject({ id: z.number() }),
  fields: z.array(z.string()),
  at: z.string(),
});

/**
 * Turns a lead that changed into the events that a webhook about it would make: a status that
 * qualifies is `lead.qualified`, a word on mails is `consent.changed`, all else `person.changed`.
 */
export function translateLead(
  told: unknown,
  delivery: { readonly dedupeKey: string; readonly receivedAt: string },
  { connection, settings }: MarketoContext,
): TranslatedEvent[] {
  const { changed, fields, at } = Changed.parse(told);
  const person = fromFields(changed, settings.fields);
  const subject: Subject = {
    external: [{ connection, kind: 'lead', id: String(changed.id) }],
    ...(person.email === undefined ? {} : { email: person.email }),
  };
  const envelope = {
    at: happenedAt(at, delivery.receivedAt, settings.timeZone),
    sourceId: delivery.dedupeKey,
    subject,
  };
  const hasChanged = (fact: string) => fields.includes(settings.fields[fact] ?? '');
  const isQualified =
    (hasChanged('status') || fields.length === 0) &&
    settings.qualifiedStatuses.includes(person.status ?? '');
  const events: TranslatedEvent[] = [
    { ...envelope, type: isQualified ? 'lead.qualified' : 'person.changed', person },
  ];
  if (hasChanged('unsubscribed') && person.unsubscribed !== undefined) {
    const granted = !person.unsubscribed;
    events.push({ ...envelope, type: 'consent.changed', channel: 'email', granted });
  }
  return events;
}
