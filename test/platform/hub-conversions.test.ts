import { memorySecrets } from '#cli/sandbox/memory-secrets.ts';
import { ga4 } from '#connectors/ga4/connector.ts';
import { fakeGa4 } from '#connectors/ga4/fake.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import type { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { identify } from '#core/intake/identify.ts';
import { Person, personKey } from '#core/records/person.ts';
import { readExisting } from '#core/records/store.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { MORNING } from '#test/support/embedded-store.ts';
import { ADA, demoRequest, minute } from '#test/support/lead-events.ts';
import { deal } from '#test/support/sales-events.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const VALUE = { amountMinor: 900_000, currency: 'EUR' };
const VISITOR = '1234567890.1700000000';

/** A hub whose only vendor is Google Analytics. */
async function openHub() {
  const folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  const fake = fakeGa4({ now: () => clock.now() });
  const served = await serveOnLoopback(fake.app);
  const { credentials, settings } = fake.connectionTo(served.url);
  const embedded = openEmbeddedHub({
    folder: folder.path,
    durability: 'process-end',
    playbook: await shippedPlaybook(),
    connectors: { ga4 },
    connections: [
      {
        name: 'analytics',
        vendor: 'ga4',
        roles: ['analytics'],
        settings: settings as Record<string, unknown>,
      },
    ],
    secrets: memorySecrets({ analytics: credentials }),
    mail: { send: async () => {} },
    clock,
    publicUrl: 'https://hub.example',
  });
  const { records } = embedded.hub;
  return {
    fake,
    clock,
    tell: (told: CanonicalEvent) => applyEvent(embedded.hub, told),
    work: () => embedded.worker.run(clock.now()),
    async standing() {
      const { personId = '' } = await identify(records, { email: ADA });
      return (await readExisting(records, Person, personKey(personId))).data.standing;
    },
    async [Symbol.asyncDispose]() {
      await embedded.close();
      await served.close();
      folder[Symbol.dispose]();
    },
  };
}

test('a won deal reaches the visitor at Google once it is up, and keeps nothing else waiting', async () => {
  await using hub = await openHub();
  const campaign = { name: 'spring', source: 'google', medium: 'cpc' };
  hub.fake.outageUntil = new Date(MORNING.getTime() + 3_600_000);
  await hub.tell(
    demoRequest(minute(-30), { subject: { email: ADA, anonymousId: VISITOR }, campaign }),
  );
  await hub.tell(deal(minute(-10), 'won', VALUE));
  await hub.work();
  expect(hub.fake.writes).toEqual([]);

  // News of the same person goes on while Google is down.
  await hub.tell(deal(minute(-5), 'lost', { ...VALUE, id: '2' }));
  await hub.work();
  expect(await hub.standing()).toBe('lost');

  await hub.clock.until(MORNING.getTime() + 2 * 3_600_000);
  await hub.work();
  const told = hub.fake.writes.flatMap(({ target, detail }) =>
    (detail['events'] as { name: string; params: object }[]).map((one) => ({ target, ...one })),
  );
  // A deal proves that sales took the lead.
  expect(told.map(({ name }) => name).sort()).toEqual(['close_convert_lead', 'qualify_lead']);
  expect(told.find(({ name }) => name === 'close_convert_lead')).toMatchObject({
    target: VISITOR,
    params: { value: 9_000, currency: 'EUR', first_source: 'google', campaign: 'spring' },
  });
  expect(hub.fake.dropped).toEqual([]);
});
