import { apollo } from '#connectors/apollo/connector.ts';
import { fakeApollo } from '#connectors/apollo/fake.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import { peopleDataLabs } from '#connectors/people-data-labs/connector.ts';
import { fakePeopleDataLabs } from '#connectors/people-data-labs/fake.ts';
import type { PersonFacts } from '#core/events.ts';
import { identify } from '#core/intake/identify.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readAll, readExisting } from '#core/records/store.ts';
import { enrich, type Preferred } from '#core/steps/enrich.ts';
import { openHubOfRecords } from '../../support/hand-off-world.ts';
import { ADA, demoRequest, event, minute } from '../../support/lead-events.ts';

const DAY = 24 * 60;

/** A hub with both enrichment vendors, People Data Labs first, in which Ada gave her address only. */
async function openEnrichment() {
  const now = () => new Date(minute(0));
  const [pdl, second] = [fakePeopleDataLabs({ now }), fakeApollo({ now })];
  const served = await Promise.all([serveOnLoopback(pdl.app), serveOnLoopback(second.app)]);
  const accounts = {
    pdl: pdl.connectionTo(served[0].url),
    apollo: second.connectionTo(served[1].url),
  };
  const vendors = { pdl: 'people-data-labs', apollo: 'apollo' };
  const names = ['pdl', 'apollo'] as const;
  const connections = openConnections({
    connectors: { 'people-data-labs': peopleDataLabs, apollo },
    connections: names.map((name) => ({
      name,
      vendor: vendors[name],
      roles: ['enrichment'],
      settings: { ...accounts[name].settings },
    })),
    secrets: {
      credentials: async (name) => ({ ...accounts[name === 'pdl' ? 'pdl' : 'apollo'].credentials }),
      signingKey: async () => 'key',
    },
    now,
  });
  const world = await openHubOfRecords((hub) => ({
    ...hub,
    operations: {
      ...hub.operations,
      inRole: (role) => (role === 'enrichment' ? [...names] : []),
      call: (call) => connections.call(call),
    },
  }));
  const { hub } = world;
  await world.tell(demoRequest(minute(0), { person: { email: ADA } }));
  const { personId = '' } = await identify(hub.records, { email: ADA });
  let runs = 0;
  return {
    ...world,
    pdl,
    apollo: second,
    person: async () => (await readExisting(hub.records, Person, personKey(personId))).data,
    enrich(callsPerDay?: number, prefer?: Preferred) {
      runs += 1;
      const step = {
        run: `run-${runs}`,
        step: 'enrich',
        workflow: 'inbound-lead',
        person: personId,
        event: '',
        entered: minute(0),
        handoff: null,
        score: null,
        route: null,
        reason: null,
      };
      return enrich(hub, step, { withinMs: 3_000, callsPerDay, prefer });
    },
    decisions: async () =>
      (
        await readAll(hub.records, LogEntry, { pk: `PERSON#${personId}`, prefix: LOG_PREFIX })
      ).filter(({ title }) => title.startsWith('enriched')),
    async [Symbol.asyncDispose]() {
      world.store.dispose();
      await Promise.all(served.map((one) => one.close()));
    },
  };
}

const HALF: PersonFacts = { firstName: 'Ada', title: 'Engineer', company: 'Acme' };
const WHOLE: PersonFacts = {
  firstName: 'Augusta',
  lastName: 'Lovelace',
  title: 'CTO',
  company: 'Acme',
  website: 'acme.example',
  industry: 'machinery',
  employees: 120,
  country: 'DE',
};

test('the next provider fills what the first left open, and the first keeps its word', async () => {
  await using world = await openEnrichment();
  world.pdl.know(ADA, HALF);
  world.apollo.know(ADA, WHOLE);
  expect(await world.enrich()).toEqual({ status: 'hit' });
  const { facts, enriched } = await world.person();
  expect(facts).toMatchObject({ firstName: 'ada', title: 'engineer', lastName: 'Lovelace' });
  expect(enriched).toMatchObject({ firstName: { from: 'pdl' }, employees: { from: 'apollo' } });
  expect(await world.decisions()).toMatchObject([
    {
      title: expect.stringMatching(/^enriched by pdl: .*; apollo: /),
      detail: {
        providers: [
          { connection: 'pdl', outcome: 'hit' },
          { connection: 'apollo', outcome: 'hit' },
        ],
        coverage: { of: 8, before: 0, after: 8, missing: [] },
      },
    },
  ]);
});

test('who is preferred for a field is asked for it, and the others tell it where they do not know', async () => {
  await using world = await openEnrichment();
  world.pdl.know(ADA, { ...WHOLE, title: 'Engineer' });
  world.apollo.know(ADA, { title: 'CTO', lastName: 'King', employees: 140 });
  await world.enrich(undefined, { title: 'apollo', industry: 'apollo', employees: 'pdl' });
  const { facts, enriched } = await world.person();
  expect(facts).toMatchObject({ title: 'CTO', lastName: 'lovelace' });
  expect(enriched).toMatchObject({
    title: { from: 'apollo' },
    industry: { from: 'pdl' },
    employees: { from: 'pdl' },
  });
});

test('whoever knows all is the last to be asked', async () => {
  await using world = await openEnrichment();
  world.pdl.know(ADA, WHOLE);
  await world.enrich();
  expect(world.apollo.lookups).toEqual([]);
  expect(await world.enrich()).toEqual({ status: 'skipped' });
  expect(world.pdl.lookups).toHaveLength(1);
});

test('each provider that knows nothing is left alone for two weeks', async () => {
  await using world = await openEnrichment();
  expect(await world.enrich()).toEqual({ status: 'miss' });
  expect(await world.enrich()).toEqual({ status: 'cached' });
  expect([world.pdl.lookups.length, world.apollo.lookups.length]).toEqual([1, 1]);
  await world.at(15 * DAY);
  expect(await world.enrich()).toEqual({ status: 'miss' });
  expect([world.pdl.lookups.length, world.apollo.lookups.length]).toEqual([2, 2]);
});

test('a provider that fails is passed over; where nobody answers the step says why', async () => {
  await using world = await openEnrichment();
  world.pdl.refuseNext(401, 401);
  world.apollo.know(ADA, WHOLE);
  expect(await world.enrich()).toEqual({ status: 'hit' });
  expect((await world.person()).enriched).toMatchObject({ title: { from: 'apollo' } });

  await using other = await openEnrichment();
  other.pdl.refuseNext(401);
  other.apollo.refuseNext(403);
  await expect(other.enrich()).rejects.toMatchObject({ code: 'enrichment_failed' });
});

test('a day has so many calls to each provider, and the next day has new ones', async () => {
  await using world = await openEnrichment();
  expect(await world.enrich(1)).toEqual({ status: 'miss' });
  await world.hub.records.write(
    world.store
      .rows()
      .filter(({ type }) => type === 'enrichment')
      .map(({ pk, sk }) => ({ remove: { pk, sk } })),
  );
  expect(await world.enrich(1)).toEqual({ status: 'skipped' });
  expect([world.pdl.lookups.length, world.apollo.lookups.length]).toEqual([1, 1]);
  await world.at(DAY);
  expect(await world.enrich(1)).toEqual({ status: 'miss' });
});

test('what a person or the CRM says stays; what a provider said is renewed when it is stale', async () => {
  await using world = await openEnrichment();
  world.pdl.know(ADA, WHOLE);
  await world.enrich();
  const edit = event<'person.changed'>({
    type: 'person.changed',
    at: minute(1),
    subject: { email: ADA },
    person: { title: 'Countess' },
  });
  await world.tell(edit);
  world.pdl.know(ADA, { ...WHOLE, title: 'CEO', company: 'Zenith' });
  await world.at(80 * DAY);
  await world.enrich();
  expect((await world.person()).facts).toMatchObject({ title: 'Countess', company: 'acme' });
  await world.at(91 * DAY);
  await world.enrich();
  expect((await world.person()).facts).toMatchObject({ title: 'Countess', company: 'zenith' });
});
