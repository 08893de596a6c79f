import type { EventOf, EventType, TranslatedEvent } from '#core/events.ts';
import { CanonicalEvent } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';

export const ADA = 'ada.lovelace@analytical-engines.com';

/** What only says when and who, beside what the kind of event says itself. */
type Told<T extends EventType> = Omit<EventOf<T>, 'id' | 'receivedAt' | 'connection' | 'sourceId'> &
  Partial<Pick<EventOf<T>, 'id' | 'receivedAt' | 'connection' | 'sourceId'>>;

/** A canonical event with an id of its own: the same words have the same id. */
export function event<T extends EventType>(told: Told<T>): EventOf<T> {
  const sourceId = told.sourceId ?? shortHash(JSON.stringify(told));
  const whole = {
    receivedAt: told.at,
    connection: 'website',
    id: `evt_${sourceId}`,
    ...told,
    sourceId,
  };
  return CanonicalEvent.parse(whole) as EventOf<T>;
}

/** So many minutes after the morning on which the tests play. */
export const minute = (minutes: number) =>
  new Date(Date.parse('2026-12-07T09:00:00.000Z') + minutes * 60_000).toISOString();

/** A page that a visitor saw, whether or not anybody knows who it was. */
export const pageView = (at: string, subject: TranslatedEvent['subject'], name = 'Pricing') =>
  event<'touch.recorded'>({
    type: 'touch.recorded',
    at,
    subject,
    touch: { kind: 'page-visited', name },
  });

/** Ada asks for a demo. */
export const demoRequest = (at: string, differing: Partial<EventOf<'lead.captured'>> = {}) =>
  event<'lead.captured'>({
    type: 'lead.captured',
    at,
    subject: { email: ADA },
    person: {
      email: ADA,
      firstName: 'Ada',
      lastName: 'Lovelace',
      title: 'VP Marketing',
      company: 'Analytical Engines',
      country: 'DE',
      industry: 'Software',
      employees: 480,
    },
    form: 'Demo Requested',
    handRaiser: true,
    need: 'Our reps never see the leads we make.',
    ...differing,
  });
