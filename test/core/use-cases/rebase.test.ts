import { movedClock, rebaseClocks, rebasedClock } from '#core/handoff/rebase.ts';
import type { Hub } from '#core/ports/hub.ts';
import { type ClockRecord, handoffKey } from '#core/records/handoff.ts';
import { cutOffAtEveryWrite } from '#test/support/cut-off.ts';
import { openHandOff } from '#test/support/hand-off-world.ts';
import { minute } from '#test/support/lead-events.ts';

const LADDER = [
  { at: '50%', do: 'remind' },
  { at: '100%', do: 'breach' },
  { at: '200%', do: 'end' },
] as const;

const clock: ClockRecord = {
  id: 'accept#0',
  clock: 'accept',
  round: 0,
  owner: 'anna@sales.example',
  openedAt: minute(0),
  deadline: minute(60),
  rungs: LADDER.map((rung, index) => ({ do: rung.do, at: minute([30, 60, 120][index] ?? 0) })),
  climbed: 1,
  snoozes: 0,
};
const due = (minutes: number) => ({
  deadline: minute(minutes),
  rungs: LADDER.map(({ at, do: what }) => ({
    do: what,
    at: minute((minutes * Number.parseInt(at, 10)) / 100),
  })),
});

test.each([
  ['keep', 30, 60],
  ['keep', 90, 60],
  ['rebase', 30, 30],
  ['rebase', 90, 90],
  ['earlier', 30, 30],
  ['earlier', 90, 60],
] as const)('by the rule %s a clock of an hour becomes one of %i minutes', (rule, to, minutes) => {
  const moved = rebasedClock(clock, due(to), rule);
  expect(moved.deadline).toBe(minute(minutes));
  expect(moved.climbed).toBe(1);
});

test.each([
  ['met', { metAt: minute(1) }],
  ['ended', { endedAt: minute(1) }],
  ['breached', { breachedAt: minute(60), climbed: 2 }],
  ['put off by its owner', { snoozes: 1 }],
])('a clock that was %s stays as it is', (_, more) => {
  const one = { ...clock, ...more };
  expect(rebasedClock(one, due(30), 'rebase')).toBe(one);
});

test('a ladder with fewer reminders never passes over its breach', () => {
  const fresh = { deadline: minute(30), rungs: due(30).rungs.slice(1) };
  expect(rebasedClock(clock, fresh, 'rebase')).toMatchObject({ climbed: 0 });
});

/** The hub after the time to accept was changed to so many business minutes. */
function underPolicy(hub: Hub, minutes: number): Hub {
  const { playbook } = hub;
  const accept = playbook.clocks['accept'];
  if (accept === undefined) throw new Error('the shipped playbook has a clock "accept"');
  const by = { default: `${minutes} business minutes` };
  return {
    ...hub,
    playbook: { ...playbook, clocks: { ...playbook.clocks, accept: { ...accept, by } } },
  };
}

async function waiting() {
  const world = await openHandOff();
  await world.openClock('accept', 'handoff.accepted');
  const token = await world.wait('handoff.accepted');
  const handoff = await world.handoff();
  return { ...world, token, keys: [handoffKey(handoff.id)] };
}

test('the run that waits is told, and the lead is due when its clock is', async () => {
  using world = await waiting();
  const hub = underPolicy(world.hub, 10);
  expect(movedClock(hub, await world.handoff(), 'earlier')?.deadline).toBe(minute(10));
  expect(await rebaseClocks(hub, { rule: 'earlier', handoffs: world.keys })).toBe(1);
  expect((await world.handoff()).clocks).toMatchObject([{ deadline: minute(10), climbed: 0 }]);
  expect((await world.person()).nextAction).toEqual({ what: 'accept', at: minute(10) });
  expect(world.ended).toMatchObject([{ token: world.token, error: 'Clock.Changed' }]);
  expect(await world.titles()).toContainEqual(expect.stringContaining('the playbook changed'));
});

test('repeated it moves nothing more, and a later time is no earlier one', async () => {
  using world = await waiting();
  const tight = underPolicy(world.hub, 10);
  await rebaseClocks(tight, { rule: 'rebase', handoffs: world.keys });
  expect(await rebaseClocks(tight, { rule: 'rebase', handoffs: world.keys })).toBe(0);
  const loose = underPolicy(world.hub, 45);
  expect(await rebaseClocks(loose, { rule: 'earlier', handoffs: world.keys })).toBe(0);
  expect(await rebaseClocks(loose, { rule: 'rebase', handoffs: world.keys })).toBe(1);
});

test('cut off at any write, it comes to the same when it is repeated', async () => {
  const outcomes = await cutOffAtEveryWrite(waiting, (hub, world) =>
    rebaseClocks(underPolicy(hub, 10), { rule: 'rebase', handoffs: world.keys }),
  );
  expect(outcomes).toHaveLength(2);
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes.at(-1));
});
