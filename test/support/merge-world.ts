import type { EventOf } from '#core/events.ts';
import { Merge } from '#core/identity/merge/merge-record.ts';
import { undoMerge } from '#core/identity/merge/undo-merge.ts';
import { readTouches } from '#core/records/of-person.ts';
import { Person } from '#core/records/person.ts';
import { type HubOfRecords, openHubOfRecords } from './hand-off-world.ts';
import { event } from './lead-events.ts';

export const contact = (id: string) => ({ connection: 'hubspot', kind: 'contact', id });

/** HubSpot tells something of one of its contacts. */
export const told = (
  at: string,
  id: string,
  person: EventOf<'person.changed'>['person'],
  subject: EventOf<'person.changed'>['subject'] = {},
) =>
  event<'person.changed'>({
    type: 'person.changed',
    at,
    connection: 'hubspot',
    subject: { external: [contact(id)], ...subject },
    person,
  });

/** HubSpot made one contact of two. */
export const merged = (at: string, into: string, ...from: string[]) =>
  event<'person.merged'>({
    type: 'person.merged',
    at,
    connection: 'hubspot',
    subject: { external: [contact(into)] },
    into: contact(into),
    from: from.map(contact),
  });

/** A hub of records, and what one wants to know of merges in it. */
export async function openMergeWorld() {
  const world = await openHubOfRecords();
  return { ...world, ...merging(world), [Symbol.dispose]: () => world.store.dispose() };
}

export function merging({ store, hub }: Pick<HubOfRecords, 'store' | 'hub'>) {
  const rows = (type: string) =>
    store.rows().flatMap((row) => (row.type === type ? [JSON.parse(row.data)] : []));
  const merges = () => rows('merge').map((data) => Merge.parse(data));
  const people = () => rows('person').map((data) => Person.parse(data));
  return {
    merges,
    people,
    /** Whoever there is, if there is one only. */
    only(): Person {
      const [person, ...others] = people();
      if (person === undefined || others.length > 0)
        throw new Error(`There are ${others.length + 1} people.`);
      return person;
    },
    candidates: () => rows('merge-candidate'),
    /** What the touches of a person are called, in order. */
    touches: async (person: Person) =>
      (await readTouches(hub.records, person)).map(({ name }) => name),
    async undoAll() {
      for (const { id, at } of merges().toReversed()) if (at) await undoMerge(hub, id, 'ops');
    },
  };
}
