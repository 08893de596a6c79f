import { HubError } from '#core/errors.ts';
import { type NewAlert, tell, tellWaiting } from '#core/handoff/alert-box.ts';
import { type AlertPolicy, AlertPolicy as Schema } from '#core/handoff/alert-policy.ts';
import { audibleAt, managerOrOnCall } from '#core/handoff/hearers.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Alert, alertKey } from '#core/records/alert.ts';
import { readExisting } from '#core/records/store.ts';
import { MIRIAM, openHandOff } from '#test/support/hand-off-world.ts';
import { minute } from '#test/support/lead-events.ts';

const DANA = 'dana.whitfield@northwind.example';
const POLICY: AlertPolicy = Schema.parse({
  group: { moreThan: 2, withinMinutes: 10 },
  retry: { atMost: 3, afterMinutes: 5 },
});

async function late(change?: (hub: Hub) => Hub) {
  const world = await openHandOff(change);
  await world.openClock('accept', 'handoff.accepted');
  const { id: handoff } = await world.handoff();
  const alertOf = (key: string): NewAlert => ({
    key,
    by: 'chat',
    to: '#lead-alerts',
    rung: 'breach',
    personId: world.personId,
    handoff,
    clock: 'accept#0',
    title: `Lead ${key} was not acted upon in time`,
    lines: [],
  });
  const posts = () =>
    world.operations.calls
      .filter(({ input }) => (input as { to?: string }).to === '#lead-alerts')
      .map(({ input }) => input as { title: string; lines: string[] });
  const alert = async (key: string) =>
    (await readExisting(world.hub.records, Alert, alertKey({ key }))).data;
  const flush = (last = false) =>
    tellWaiting(world.hub, POLICY, { handoff, clock: 'accept#0', last });
  return { ...world, alertOf, posts, alert, flush };
}

test('more alerts for one place than the playbook lets through become one message', async () => {
  using world = await late();
  const told: (string | undefined)[] = [];
  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    told.push(await tell(world.hub, POLICY, world.alertOf(key)));
  }
  expect(told).toEqual([undefined, undefined, minute(10), minute(10), minute(10)]);
  expect(await tell(world.hub, POLICY, world.alertOf('c'))).toBe(minute(10));
  expect(world.posts()).toHaveLength(2);
  await world.at(9);
  expect(await world.flush()).toBe(minute(10));
  await world.at(10);
  expect(await world.flush()).toBeUndefined();
  expect(await world.flush()).toBeUndefined();
  expect(world.posts().slice(2)).toEqual([
    expect.objectContaining({
      title: '3 leads need attention',
      lines: ['c', 'd', 'e'].map((key) => `Lead ${key} was not acted upon in time`),
    }),
  ]);
  expect(await world.alert('e')).toMatchObject({ status: 'sent', digest: expect.any(String) });
});

test('what waits is told before the ladder ends, and not at all once the lead was answered', async () => {
  using world = await late();
  for (const key of ['a', 'b', 'c']) await tell(world.hub, POLICY, world.alertOf(key));
  await world.flush(true);
  expect(world.posts()).toHaveLength(3);
  await tell(world.hub, POLICY, { ...world.alertOf('d'), clock: 'accept#9' });
  await tellWaiting(world.hub, POLICY, {
    handoff: (await world.handoff()).id,
    clock: 'accept#9',
    last: true,
  });
  expect(world.posts()).toHaveLength(3);
  expect(await world.alert('d')).toMatchObject({ status: 'needless' });
});

const failing = (error: () => HubError) => (hub: Hub) => ({
  ...hub,
  operations: {
    ...hub.operations,
    call: (call: Parameters<Hub['operations']['call']>[0]) =>
      (call.input as { to?: string }).to === '#lead-alerts'
        ? Promise.reject(error())
        : hub.operations.call(call),
  },
});

test('an alert that does not get through is tried again at growing distances, then given up aloud', async () => {
  using world = await late(failing(() => new HubError('retry', 'chat_down', 'The chat is down.')));
  expect(await tell(world.hub, POLICY, world.alertOf('a'))).toBe(minute(5));
  await world.at(5);
  expect(await world.flush()).toBe(minute(15));
  await world.at(15);
  expect(await world.flush()).toBeUndefined();
  expect(await world.alert('a')).toMatchObject({
    status: 'failed',
    tries: 3,
    error: { code: 'chat_down' },
  });
  expect(await world.titles()).toContain(
    'refused: breach to #lead-alerts by chat was never delivered',
  );
});

test('a refusal is given up at once', async () => {
  using world = await late(
    failing(() => new HubError('config', 'channel_missing', 'There is no such channel.')),
  );
  expect(await tell(world.hub, POLICY, world.alertOf('a'))).toBeUndefined();
  expect(await world.alert('a')).toMatchObject({ status: 'failed', tries: 1 });
});

test.each([
  ['at work', '2026-12-07T09:00:00.000Z', 'escalate', '2026-12-07T09:00:00.000Z'],
  ['in the evening', '2026-12-07T19:00:00.000Z', 'escalate', '2026-12-08T08:00:00.000Z'],
  ['at the weekend', '2026-12-05T12:00:00.000Z', 'remind', '2026-12-07T08:00:00.000Z'],
  [
    'at the weekend, of a loud rung',
    '2026-12-05T12:00:00.000Z',
    'breach',
    '2026-12-05T12:00:00.000Z',
  ],
] as const)('a manager %s hears at the right time', async (_when, now, rung, heard) => {
  using world = await openHandOff();
  expect(audibleAt(world.hub.playbook, MIRIAM, rung, new Date(now)).toISOString()).toBe(heard);
});

test('who is on call hears in place of a manager who is away, or of none', async () => {
  using world = await openHandOff();
  const { playbook } = world.hub;
  const at = new Date('2026-12-07T09:00:00.000Z');
  const away = playbook.people.managers?.map((one) =>
    one.email === MIRIAM ? { ...one, absences: [{ from: '2026-12-07', to: '2026-12-11' }] } : one,
  );
  const alerts = { ...POLICY, onCall: [MIRIAM, DANA] };
  const without = { ...playbook, alerts, people: { ...playbook.people, managers: away } };
  expect(managerOrOnCall({ ...playbook, alerts }, MIRIAM, at)).toBe(MIRIAM);
  expect(managerOrOnCall(without, MIRIAM, at)).toBe(DANA);
  expect(managerOrOnCall(without, undefined, at)).toBe(DANA);
  expect(managerOrOnCall({ ...without, alerts: POLICY }, MIRIAM, at)).toBe(MIRIAM);
});
