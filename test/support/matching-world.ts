import { AMBIGUITIES, Ambiguity } from '#core/identity/ambiguity.ts';
import { identify } from '#core/intake/identify.ts';
import { Account, accountKey } from '#core/records/account.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { openHubOfRecords } from './hand-off-world.ts';
import { demoRequest, event, minute } from './lead-events.ts';

/** A hub in which leads come in and are matched one after the other. */
export async function openMatching() {
  const world = await openHubOfRecords();
  const { hub } = world;
  let runs = 0;
  const personOf = async (email: string) => {
    const { personId = '' } = await identify(hub.records, { email });
    return (await readExisting(hub.records, Person, personKey(personId))).data;
  };
  return {
    ...world,
    personOf,
    /** Somebody asks for a demo, and their run comes to the step. */
    async match(email: string, person: Person['facts'] = {}, external: Person['external'] = []) {
      runs += 1;
      const subject = { email, external };
      const asked = demoRequest(minute(runs), { subject, person: { email, ...person } });
      await world.tell(asked);
      const { id } = await personOf(email);
      const step = {
        run: `run-${runs}`,
        step: 'match',
        workflow: 'inbound-lead',
        person: id,
        event: asked.id,
        entered: minute(runs),
        handoff: null,
        score: null,
        route: null,
        reason: null,
      };
      const first = await matchAccount(hub, step);
      expect(await matchAccount(hub, step)).toEqual(first);
      return first;
    },
    account: async (id: string | null) =>
      (await readExisting(hub.records, Account, accountKey(id ?? ''))).data,
    lastDecision: async (email: string) => {
      const pk = `PERSON#${(await personOf(email)).id}`;
      const log = await readAll(hub.records, LogEntry, { pk, prefix: LOG_PREFIX });
      return log.filter(({ kind }) => kind === 'decision').at(-1);
    },
    waiting: () => readAll(hub.records, Ambiguity, { index: 'gsi1', pk: AMBIGUITIES }),
    [Symbol.dispose]: () => world.store.dispose(),
  };
}

/** What somebody's record says is new. */
export const changed = (minutes: number, email: string, person: Person['facts']) =>
  event<'person.changed'>({
    type: 'person.changed',
    at: minute(minutes),
    subject: { email },
    person,
  });
