import type { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { identify } from '#core/intake/identify.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Published } from '#core/ports/bus.ts';
import type { Records } from '#core/ports/records.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from '#core/records/touch.ts';
import { type EmbeddedStore, openStore } from './embedded-store.ts';
import { shippedModel } from './shipped-playbook.ts';

/** Intake over an empty store, and a bus that only listens. */
export function openIntake(scoring: Playbook['scoring'] = { default: shippedModel() }) {
  const store = openStore();
  const news: Published[] = [];
  let order = 0;
  const deps = (records: Records = store.records) => ({
    records,
    bus: { publish: async (all: readonly Published[]) => void news.push(...all) },
    order: () => ++order,
    now: store.now,
    playbook: { scoring } as Playbook,
  });
  return {
    store,
    news,
    deps,
    /** Applies events one after the other, as one worker does. */
    async apply(...events: readonly CanonicalEvent[]) {
      for (const event of events) await applyEvent(deps(), event);
    },
    people: () => peopleOf(store),
    /** The one whom an e-mail address leads to. */
    async personBehind(email: string): Promise<Person> {
      const { personId = 'nobody' } = await identify(store.records, { email });
      return (await readExisting(store.records, Person, personKey(personId))).data;
    },
    touchesOf: (person: Pick<Person, 'id'>) =>
      readAll(store.records, Touch, { pk: touchesOfPerson(person.id), prefix: TOUCH_PREFIX }),
    [Symbol.dispose]: store.dispose,
  };
}

function peopleOf(store: Pick<EmbeddedStore, 'rows'>): Person[] {
  return store
    .rows()
    .filter(({ type }) => type === 'person')
    .map(({ data }) => Person.parse(JSON.parse(data)));
}
