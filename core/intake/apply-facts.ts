import type { CanonicalEvent, ExternalRef, PersonFacts } from '#core/events.ts';
import type { Person } from '#core/records/person.ts';

/** The facts about the person that an event carries, if it carries any. */
export function factsOf(event: CanonicalEvent): PersonFacts {
  const facts = 'person' in event && event.person !== undefined ? event.person : {};
  const email = facts.email ?? event.subject.email;
  return email === undefined ? facts : { ...facts, email: email.trim().toLowerCase() };
}

/** A person as first seen; nobody has rated or owns them yet, so the queue of contacts does. */
export function firstSight(id: string, event: CanonicalEvent): Person {
  return {
    id,
    facts: {},
    factsAt: {},
    external: [],
    anonymousIds: [],
    firstSeenAt: event.at,
    standing: 'contact',
    owner: { kind: 'queue', id: 'contacts' },
    nextAction: { what: 'wait for a sign of interest', at: event.at },
    cycle: 0,
    suppressed: false,
    ...sourceOf(event),
  };
}

/**
 * The person as the event leaves them. Each fact keeps the instant from which it is true, so that
 * events may arrive in any order.
 */
export function applyFacts(person: Person, event: CanonicalEvent): Person {
  const facts: Record<string, unknown> = { ...person.facts };
  const factsAt = { ...person.factsAt };
  for (const [field, value] of Object.entries(factsOf(event))) {
    const since = factsAt[field];
    if (value === undefined || (since !== undefined && since > event.at)) continue;
    facts[field] = value;
    factsAt[field] = event.at;
  }
  const { anonymousId, external = [] } = event.subject;
  const applied: Person = {
    ...person,
    facts: facts as PersonFacts,
    factsAt,
    external: joinRefs(person.external, external),
    anonymousIds: union(
      person.anonymousIds,
      anonymousId === undefined ? [] : [anonymousId],
      String,
    ),
    firstSeenAt: event.at < person.firstSeenAt ? event.at : person.firstSeenAt,
  };
  return applyKind(applied, event);
}

function applyKind(person: Person, event: CanonicalEvent): Person {
  switch (event.type) {
    case 'lead.captured': {
      if (person.capture !== undefined && person.capture.at > event.at) return person;
      const { at, form, handRaiser, need, timeline, referrer } = event;
      return { ...person, capture: { at, form, handRaiser, need, timeline, referrer } };
    }
    case 'person.merged':
      return { ...person, external: joinRefs(person.external, [event.into, ...event.from]) };
    case 'person.erased':
      return { ...person, facts: {}, factsAt: {}, capture: undefined, suppressed: true };
    case 'consent.changed':
      return event.channel === 'all' ? { ...person, suppressed: !event.granted } : person;
    default:
      return person;
  }
}

function sourceOf(event: CanonicalEvent): { source: string } {
  const campaign =
    'campaign' in event
      ? event.campaign
      : event.type === 'touch.recorded'
        ? event.touch.campaign
        : undefined;
  return { source: campaign?.source ?? event.connection };
}

/** Both lists of references, each reference once. */
export const joinRefs = (left: readonly ExternalRef[], right: readonly ExternalRef[]) =>
  union(left, right, refText);

const refText = (ref: ExternalRef) => `${ref.connection}/${ref.kind}/${ref.id}`;

function union<T>(left: readonly T[], right: readonly T[], text: (one: T) => string): T[] {
  return [...new Map([...left, ...right].map((one) => [text(one), one])).values()];
}
