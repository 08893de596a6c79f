import { resolve } from 'node:path';
import type { CanonicalEvent, Subject, TranslatedEvent } from '#core/events.ts';
import { AppliedEvent } from '#core/intake/applied-event.ts';
import { Person } from '#core/records/person.ts';
import { openReader } from '#platform/embedded/reader.ts';
import type { History } from './rehearse.ts';

const DAY_MS = 86_400_000;

/**
 * All that a hub was told, from its store, to be told again. What sales did then, it does again at
 * the same time, whoever has the lead: hand-offs have other names and owners this time.
 */
export function storeHistory(folder: string): History {
  const store = openReader(resolve(folder));
  try {
    const events: TranslatedEvent[] = [];
    const people = new Map(
      store.items('person').map(({ data }) => {
        const person = Person.parse(data);
        return [person.id, person] as const;
      }),
    );
    for (const { data } of store.eachItem(['event'])) {
      const { event, personId = '' } = AppliedEvent.parse(data);
      const again = retold(event, people.get(personId));
      if (again !== undefined) events.push(again);
    }
    events.sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
    const first = Date.parse(events[0]?.at ?? new Date(0).toISOString());
    const last = Date.parse(events.at(-1)?.at ?? new Date(0).toISOString());
    return { events, from: new Date(first), until: new Date(Math.max(last, first) + DAY_MS) };
  } finally {
    store.close();
  }
}

/** The event as it would come again; `undefined` for what only made sense once. */
function retold(event: CanonicalEvent, person: Person | undefined): TranslatedEvent | undefined {
  // Whose clock was put off runs otherwise now.
  if (event.type === 'handoff.snoozed') return undefined;
  const { id: sourceId, receivedAt: _then, connection: _from, backfill: _asked, ...rest } = event;
  const again = { ...rest, sourceId, subject: knownBy(event.subject, person) };
  if (!again.type.startsWith('handoff.')) return again as TranslatedEvent;
  // In the CRM anybody may have done it; the salesperson of then need not be the owner of now.
  return { ...again, by: {}, via: 'crm', asOwner: undefined } as TranslatedEvent;
}

/** Names of the hub's own, such as a hand-off's, are others the next time. */
function knownBy(
  { handoffId: _own, personId: _too, ...subject }: Subject,
  person: Person | undefined,
): Subject {
  const isKnown =
    subject.email !== undefined ||
    subject.userId !== undefined ||
    (subject.external ?? []).length > 0;
  if (isKnown || person === undefined) return subject;
  const { facts, external } = person;
  return { ...subject, external, ...(facts.email === undefined ? {} : { email: facts.email }) };
}
