import { undoMerge } from '#core/identity/merge/undo-merge.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { comeUp } from '#core/nurture/come-up.ts';
import { handoffId } from '#core/records/handoff.ts';
import { readExisting } from '#core/records/store.ts';
import { endRun } from '#core/runs/end-run.ts';
import { RunLock, runLockKey } from '#core/runs/start-run.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { handOff } from '#core/steps/hand-off.ts';
import { cutOffAtEveryWrite } from '#test/support/cut-off.ts';
import { ANNA, JONAS } from '#test/support/hand-off-world.ts';
import { demoRequest, event, minute } from '#test/support/lead-events.ts';
import { merged, told } from '#test/support/merge-world.ts';
import { BYRON, byron, handoffOf, openTwo, rating, withSales } from '#test/support/two-at-sales.ts';
import { dispatch } from '#workflows/dispatch.ts';

test('whoever is with sales stands for both, whichever record the vendor kept', async () => {
  using world = await openTwo();
  await world.tell(told(minute(2), '2', { email: BYRON, title: 'Poet' }));
  await world.tell(merged(minute(5), '2', '1'));
  expect(world.only()).toMatchObject({
    ...{ id: world.personId, standing: 'with-sales', owner: { id: ANNA } },
    facts: { title: 'Poet' },
  });
  expect((await world.handoff()).status).toBe('open');
});

test('of two hand-offs one stays: its clock runs on, the other owner is told, their task closed', async () => {
  using world = await openTwo();
  await world.openClock('accept', 'handoff.accepted');
  const token = await world.wait('handoff.accepted');
  const { clocks } = await world.handoff();
  const other = await withSales(world);
  await world.tell(merged(minute(13), '2', '1'));

  const one = world.only();
  expect(one).toMatchObject({ id: world.personId, owner: { id: ANNA }, standing: 'with-sales' });
  expect(one.nextAction.at).toBe(clocks[0]?.deadline);
  expect((await world.handoff()).clocks).toEqual(clocks);
  const gone = await handoffOf(world, other.person);
  expect(gone).toMatchObject({ status: 'merged', owner: JONAS });
  expect(gone.clocks.map(({ endedAt, breachedAt }) => [endedAt, breachedAt])).toEqual([
    [minute(13), undefined],
  ]);
  expect(world.ended).toMatchObject([{ token: 'byron', error: 'Person.Merged' }]);
  const calls = world.operations.calls.slice(-3);
  expect(calls.map(({ operation }) => operation)).toEqual([
    'message.update',
    'task.close',
    'message.post',
  ]);
  expect(calls.at(-1)?.input).toMatchObject({
    to: JONAS,
    lines: [expect.stringContaining(`the same person as a lead of ${ANNA}`)],
  });

  // The run of the other ends without touching anything.
  await endRun(world.hub, {
    run: other.run,
    workflow: other.workflow,
    person: other.person,
    status: 'FAILED',
    error: 'Person.Merged',
  });
  expect(world.only()).toEqual({ ...one, merging: undefined });
  const lock = await readExisting(
    world.hub.records,
    RunLock,
    runLockKey(other.person, other.workflow),
  );
  expect(lock.data.status).toBe('ended');

  // An answer to the other's invitation is set aside; Anna's own counts.
  await world.tell(
    event<'handoff.accepted'>({
      type: 'handoff.accepted',
      at: minute(14),
      connection: 'slack',
      subject: { handoffId: `${gone.id}.0` },
      by: { email: JONAS },
      via: 'slack',
    }),
  );
  expect((await world.handoff()).signals.accepted).toBeUndefined();
  await world.tell(
    event<'handoff.accepted'>({
      type: 'handoff.accepted',
      at: minute(14),
      connection: 'slack',
      subject: { handoffId: world.invitation },
      by: { email: ANNA },
      via: 'slack',
    }),
  );
  expect(world.ended.at(-1)).toMatchObject({ token, output: { by: ANNA } });
});

test('of two hand-offs the one that was accepted stays', async () => {
  using world = await openTwo();
  const other = await withSales(world);
  await world.tell(
    event<'handoff.accepted'>({
      type: 'handoff.accepted',
      at: minute(12),
      connection: 'slack',
      subject: { handoffId: `${handoffId(other.person, 1)}.0` },
      by: { email: JONAS },
      via: 'slack',
    }),
    merged(minute(5), '1', '2'),
  );
  expect(world.only()).toMatchObject({ id: other.person, owner: { id: JONAS } });
  expect((await world.handoff()).status).toBe('merged');
});

test('who is still being rated is not handed off a second time, and what they asked is heard', async () => {
  using world = await openTwo();
  const other = await rating(world);
  await world.tell(merged(minute(5), '1', '2'));
  await expect(handOff(world.hub, other, {})).rejects.toMatchObject({ name: 'Person.Merged' });
  await expect(handBack(world.hub, other, {})).rejects.toMatchObject({ name: 'Person.Merged' });
  const { operations } = world;
  expect(operations.calls.filter(({ operation }) => operation === 'person.status')).toEqual([]);
  const ended = { run: other.run, workflow: other.workflow, person: other.person };
  await endRun(world.hub, { ...ended, status: 'FAILED', error: 'Person.Merged' });
  const lock = await readExisting(
    world.hub.records,
    RunLock,
    runLockKey(world.personId, other.workflow),
  );
  expect(lock.data).toMatchObject({ status: 'running', pending: byron.id });
});

test('a timer, news and a run that still name the one who is gone find who stands for them', async () => {
  using world = await openTwo();
  await world.tell(told(minute(2), '2', { email: BYRON }));
  const gone = world.people().find(({ id }) => id !== world.personId)?.id ?? '';
  await world.tell(merged(minute(5), '1', '2'));
  await comeUp(world.hub, gone);
  const again = demoRequest(minute(9), { subject: { email: BYRON }, person: { email: BYRON } });
  await applyEvent(world.hub, again);
  await dispatch(world.hub, { event: again, personId: gone });
  expect(world.started).toHaveLength(1);
  const lock = await readExisting(
    world.hub.records,
    RunLock,
    runLockKey(world.personId, 'inbound-lead'),
  );
  expect(lock.data.pending).toBe(again.id);
});

test('cut off at any write and done again, a merge and its undoing are as if never cut off', async () => {
  const outcomes = await cutOffAtEveryWrite(
    async () => {
      const world = await openTwo();
      await withSales(world);
      return world;
    },
    async (hub, world) => {
      const news = { event: merged(minute(5), '1', '2'), personId: world.personId };
      await applyEvent(hub, news.event);
      await dispatch(hub, { ...news, only: 'merge' });
    },
  );
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes.at(-1));
  expect(outcomes.length).toBeGreaterThan(5);

  const undone = await cutOffAtEveryWrite(
    async () => {
      const world = await openTwo();
      await withSales(world);
      await world.tell(merged(minute(5), '1', '2'));
      return world;
    },
    (hub, world) => undoMerge(hub, world.merges()[0]?.id ?? '', 'ops'),
  );
  for (const outcome of undone) expect(outcome).toEqual(undone.at(-1));
}, 60_000);
