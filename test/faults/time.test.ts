import { openTimedHub } from './timed-hub.ts';

type TimedHub = Awaited<ReturnType<typeof openTimedHub>>;

/** A lead that nobody answers, on a clock that nobody touches. */
const UNDISTURBED = [
  '0 invited +0',
  'accept#0 remind +7.5',
  'accept#0 breach +15',
  'accept#0 escalate +22.5',
  '1 invited +30',
  'accept#1 remind +37.5',
  'accept#1 breach +45',
  'accept#1 escalate +52.5',
  '2 invited +60',
  'accept#2 remind +67.5',
  'accept#2 breach +75',
  'accept#2 escalate +82.5',
];
const MAILS = 9;

const HOURS = 60;

/** Two hours are gone: what fell due meanwhile is told at once, but nobody needs a reminder of a breach. */
const TWO_HOURS_GONE = [
  '0 invited +0',
  'accept#0 breach +120',
  'accept#0 escalate +120',
  '1 invited +120',
  'accept#1 remind +127.5',
  'accept#1 breach +135',
  'accept#1 escalate +142.5',
];

test('on a clock that nobody touches every rung is told at its time', async () => {
  await using hub = await openTimedHub();
  await hub.demoRequested();
  await hub.pass(10 * HOURS);
  expect(hub.told()).toEqual(UNDISTURBED);
  expect(hub.mailsSent()).toBe(MAILS);
});

test.each([
  [
    'that fell due while the process was down',
    (hub: TimedHub) => hub.restart(() => hub.clock.setBy(2 * HOURS)),
  ],
  ['that a clock set ahead went past', async (hub: TimedHub) => hub.clock.setBy(2 * HOURS)],
])('rungs %s are told once', async (_, disturb) => {
  await using hub = await openTimedHub();
  await hub.demoRequested();
  await disturb(hub);
  await hub.work();
  expect(hub.told()).toEqual(TWO_HOURS_GONE.slice(0, 4));

  await hub.restart();
  await hub.pass(10 * HOURS);
  expect(hub.told().slice(0, TWO_HOURS_GONE.length)).toEqual(TWO_HOURS_GONE);
  expect(hub.told().length).toBe(UNDISTURBED.length - 1);
  expect(hub.mailsSent()).toBe(MAILS);
  expect(hub.timers()).toBe(0);
  expect(hub.troubles).toEqual([]);
});

test.each([
  ['is set back', async (hub: TimedHub) => hub.clock.setBy(-3 * HOURS)],
  [
    'is set back while the process is down',
    (hub: TimedHub) => hub.restart(() => hub.clock.setBy(-3 * HOURS)),
  ],
  [
    'is set back again and again',
    async (hub: TimedHub) => {
      for (let round = 0; round < 3; round += 1) {
        hub.clock.setBy(-1 * HOURS);
        await hub.work();
      }
    },
  ],
])('no rung is told twice or lost when the clock %s', async (_, setBack) => {
  for (const minutes of [8, 16]) {
    await using hub = await openTimedHub();
    await hub.demoRequested();
    await hub.pass(minutes);
    await setBack(hub);
    await hub.work();
    await hub.pass(20 * HOURS);
    const names = hub.told().map((one) => one.split(' +')[0]);
    expect(names).toEqual(UNDISTURBED.map((one) => one.split(' +')[0]));
    expect(hub.mailsSent()).toBe(MAILS);
    expect(hub.timers()).toBe(0);
    expect(hub.troubles).toEqual([]);
  }
});
