import { outagesOf, recordTrouble, type Trouble } from '#core/limits/episodes.ts';
import { tellOps } from '#core/limits/tell-ops.ts';
import { climb } from '#core/steps/clock.ts';
import { ANNA, openHandOff } from '#test/support/hand-off-world.ts';
import { minute } from '#test/support/lead-events.ts';

type World = Awaited<ReturnType<typeof openHandOff>>;

async function running(): Promise<World> {
  const world = await openHandOff();
  await world.openClock('accept', 'handoff.accepted');
  return world;
}

const ms = (at: number) => Date.parse(minute(at));

const outage = (
  step: 'opened' | 'still-open' | 'closed',
  since: number,
  until: number,
  connection = 'crm',
): Trouble => ({
  kind: 'outage',
  connection,
  title: 'Salesforce',
  step,
  since: ms(since),
  until: ms(until),
});

async function down(world: World, since: number, until: number, connection?: string) {
  const { records, now } = world.hub;
  await recordTrouble(records, outage('opened', since, since + 0.25, connection), now());
  await recordTrouble(records, outage('closed', since, until, connection), now());
}

async function climbAt(world: World, minutes: number) {
  await world.at(minutes);
  const before = world.operations.calls.length;
  const step = { ...world.step, step: 'accept', awaits: 'handoff.accepted' as const };
  const { outcome, secondsToNextRung } = await climb(world.hub, step, { clock: 'accept' });
  const posted = world.operations.calls
    .slice(before)
    .map(({ input }) => (input as { to: string }).to);
  return { outcome, seconds: secondsToNextRung, posted };
}

test('a clock does not run while the CRM is down', async () => {
  using world = await running();
  await down(world, 2, 7);
  expect(await climbAt(world, 7.5)).toEqual({ outcome: 'wait', seconds: 300, posted: [] });
  expect(await climbAt(world, 12.5)).toMatchObject({ posted: [ANNA] });
  expect(await climbAt(world, 15)).toMatchObject({ posted: [] });
  expect((await world.handoff()).clocks[0]).toMatchObject({
    deadline: minute(20),
    pausedMs: 300_000,
  });
  expect((await world.person()).nextAction).toEqual({ what: 'accept', at: minute(20) });
  expect(await climbAt(world, 20)).toMatchObject({ posted: ['#lead-alerts'] });
  expect((await world.handoff()).clocks[0]).toMatchObject({ breachedAt: minute(20) });
  const titles = await world.titles();
  expect(titles).toContain(
    'clock accept: paused for an outage of Salesforce, 5 min of working time',
  );
});

test('an outage that goes on is looked at again, and told on one line', async () => {
  using world = await running();
  const { records, now } = world.hub;
  await recordTrouble(records, outage('opened', 5, 6.5), now());
  // Until the next try and a minute for it: 2.5 minutes, which end at 7.5, and the rung moves along.
  expect(await climbAt(world, 7.5)).toMatchObject({ outcome: 'wait', posted: [] });
  await recordTrouble(records, outage('still-open', 5, 20), now());
  expect(await climbAt(world, 10)).toMatchObject({ outcome: 'wait', posted: [] });
  await recordTrouble(records, outage('closed', 5, 21), now());
  const { seconds } = await climbAt(world, 22);
  expect(seconds).toBe(90);
  expect(await climbAt(world, 23.5)).toMatchObject({ posted: [ANNA] });
  const lines = (await world.titles()).filter((title) => title.includes('outage'));
  expect(lines).toEqual([
    'clock accept: paused for an outage of Salesforce, 16 min of working time',
  ]);
});

test.each([
  ['before it opened', -30, -5, 'crm'],
  ['of a vendor it does not need', 2, 7, 'slack'],
])('an outage %s does not stop a clock', async (_, since, until, connection) => {
  using world = await running();
  await down(world, since, until, connection);
  expect(await climbAt(world, 7.5)).toMatchObject({ posted: [ANNA] });
});

test('a lead that is in the chat alone waits for the chat', async () => {
  using world = await openHandOff((hub) => ({
    ...hub,
    operations: {
      ...hub.operations,
      call: (call) => hub.operations.call(call),
      inRole: (role) => (role === 'chat' ? ['slack'] : []),
    },
  }));
  await world.openClock('accept', 'handoff.accepted');
  await down(world, 2, 7, 'slack');
  expect(await climbAt(world, 7.5)).toMatchObject({ posted: [] });
});

test('climbing twice gives the time back once', async () => {
  using world = await running();
  await down(world, 2, 7);
  await climbAt(world, 7.5);
  await climbAt(world, 12.4);
  expect((await world.handoff()).clocks[0]).toMatchObject({ deadline: minute(20) });
});

describe('ops', () => {
  const posts = (world: World) =>
    world.operations.calls
      .filter(({ key }) => key.startsWith('trouble/'))
      .map(({ input }) => input);

  test('hear once that a vendor is down, and once that it is back', async () => {
    using world = await openHandOff();
    await tellOps(world.hub, outage('opened', 1, 1.25));
    await tellOps(world.hub, outage('opened', 1, 1.25));
    await tellOps(world.hub, outage('still-open', 1, 2));
    await tellOps(world.hub, outage('closed', 1, 9));
    await tellOps(world.hub, outage('closed', 1, 9));
    expect(posts(world)).toMatchObject([
      {
        to: '#lead-alerts',
        title: expect.stringContaining("Salesforce (connection 'crm') is down"),
      },
      { to: '#lead-alerts', title: "Salesforce (connection 'crm') is back after 8 min" },
    ]);
    const { records } = world.hub;
    expect(await outagesOf(records, 'crm', new Date(ms(0)), new Date(ms(10)))).toMatchObject([
      { from: minute(1), until: minute(9), over: true },
    ]);
  });

  test('are not called through the chat that is down', async () => {
    using world = await openHandOff();
    await tellOps(world.hub, outage('opened', 1, 1.25, 'slack'));
    expect(posts(world)).toEqual([]);
  });

  test('hear once a day of a quota that runs low', async () => {
    using world = await openHandOff();
    const quota = {
      kind: 'quota' as const,
      connection: 'map',
      title: 'Marketo',
      usedShare: 0.81,
      goneAt: ms(120),
      resetsAt: ms(600),
    };
    await tellOps(world.hub, quota);
    await tellOps(world.hub, { ...quota, usedShare: 0.9 });
    expect(posts(world)).toMatchObject([
      { title: "Marketo (connection 'map'): 81 % of the day's calls are used" },
    ]);
  });
});
