import { firstSight } from '#core/intake/apply-facts.ts';
import { type Recycle, recycle } from '#core/nurture/recycle.ts';
import { type Person, personItem } from '#core/records/person.ts';
import { RunLock, runLockItem } from '#core/runs/start-run.ts';
import { virtualClock } from '#platform/embedded/clock.ts';
import { openEmbeddedHub } from '#platform/embedded/hub.ts';
import { demoRequest, minute } from '#test/support/lead-events.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const playbook = await shippedPlaybook();
const START = new Date(minute(0));
const DAY_MS = 86_400_000;
const day = (count: number) => new Date(START.getTime() + count * DAY_MS);

const opened = (folder: string, at: Date) =>
  openEmbeddedHub({
    folder,
    durability: 'process-end',
    playbook,
    connectors: {},
    connections: [],
    secrets: { credentials: async () => ({}), signingKey: async () => 'key' },
    mail: { send: async () => undefined },
    clock: virtualClock(at),
    publicUrl: 'https://hub.example',
  });

const returned = recycle(playbook.tracks, undefined, {
  reason: 'no_action',
  workflow: 'inbound-lead',
  fromSales: true,
  at: START,
}) as Recycle;

const person: Person = {
  ...firstSight('per_ada', demoRequest(minute(0))),
  standing: 'nurture',
  owner: { kind: 'track', id: returned.track },
  nextAction: { what: 'look for fresh interest', at: returned.reEnterAt },
  recycle: returned,
};

const lock = RunLock.parse({
  run: 'inbound-lead-ada-1',
  workflow: 'inbound-lead',
  event: 'evt_1',
  count: 1,
  status: 'ended',
});

test('a hub that slept brings up whose time came meanwhile, and no sooner', async () => {
  using folder = temporaryFolder();
  const first = opened(folder.path, START);
  await first.hub.records.write([
    { put: personItem(person, 1) },
    { put: runLockItem(person.id, lock, 1) },
  ]);
  await first.worker.run(day(6));
  const early = await first.hub.records.get(personItem(person, 1));
  expect(early?.version).toBe(1);
  await first.close();

  const second = opened(folder.path, day(20));
  await second.worker.run(day(20));
  const later = await second.hub.records.get({ pk: 'PERSON#per_ada', sk: 'WORKFLOW#inbound-lead' });
  expect(later?.data).toMatchObject({ count: 2 });
  await second.close();
});
