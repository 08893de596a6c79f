import { decline, handBack } from '#core/steps/hand-back.ts';
import { cutOffAtEveryWrite } from '#test/support/cut-off.ts';
import { openHandOff } from '#test/support/hand-off-world.ts';
import { demoRequest, event, minute } from '#test/support/lead-events.ts';

type World = Awaited<ReturnType<typeof openHandOff>>;

const back = (world: World, reason: string, hub = world.hub) =>
  handBack(hub, { ...world.step, step: 'nurture', reason }, {});

const later = (days: number) => new Date(Date.parse(minute(0)) + days * 86_400_000).toISOString();

test('nobody acted: back to marketing with everything that says so', async () => {
  using world = await openHandOff();
  const before = world.operations.calls.length;
  expect(await back(world, 'no_action')).toEqual({ track: 'ready-again', reason: 'no_action' });
  const calls = world.operations.calls.slice(before);
  expect(calls.map(({ connection, operation }) => `${connection} ${operation}`)).toEqual([
    'slack message.update',
    'crm task.close',
    'crm person.status',
    'marketo person.upsert',
    'marketo list.add',
  ]);
  expect(calls[2]?.input).toMatchObject({ status: 'nurture', reason: 'no_action' });
  expect(calls[4]?.input).toMatchObject({ list: 'Baton: kept warm' });
  expect(await world.handoff()).toMatchObject({
    status: 'handed-back',
    reason: 'no_action',
    closedAt: minute(0),
  });
  expect(await world.person()).toMatchObject({
    standing: 'nurture',
    owner: { kind: 'track', id: 'ready-again' },
    nextAction: { what: 'look for fresh interest', at: later(7) },
  });
});

test.each([
  ['not_now_timing', 'timing', 90],
  ['no_budget', 'business-case', 90],
  ['bad_data', 'data-fix', 7],
])('%s leads to the track %s for %s days', async (reason, track, days) => {
  using world = await openHandOff();
  expect(await back(world, reason)).toEqual({ track, reason });
  expect((await world.person()).nextAction.at).toBe(later(days));
});

test.each(['bad_fit', 'student', 'competitor', 'unsubscribed'])(
  '%s says never: declined, disqualified in the CRM, on no list',
  async (reason) => {
    using world = await openHandOff();
    expect(await back(world, reason)).toEqual({ track: 'declined', reason });
    expect(world.operations.calls.at(-1)).toMatchObject({
      operation: 'person.status',
      input: { status: 'disqualified', reason },
    });
    expect(await world.handoff()).toMatchObject({ status: 'declined', reason });
    expect(await world.person()).toMatchObject({
      standing: 'declined',
      owner: { kind: 'queue', id: 'declined' },
      suppressed: reason === 'unsubscribed',
    });
  },
);

test('whoever asked not to be contacted is left alone: no form starts another run', async () => {
  using world = await openHandOff();
  await decline(world.hub, { ...world.step, step: 'decline', reason: 'unsubscribed' }, {});
  expect((await world.person()).suppressed).toBe(true);
  await world.tell(
    event<'consent.changed'>({
      type: 'consent.changed',
      at: minute(-60),
      subject: { personId: world.personId },
      channel: 'all',
      granted: true,
    }),
    demoRequest(minute(60)),
  );
  expect((await world.person()).suppressed).toBe(true);
  expect(world.started).toHaveLength(1);
});

test('a reason that the playbook does not have is refused by its name', async () => {
  using world = await openHandOff();
  await expect(back(world, 'no_such_reason')).rejects.toMatchObject({
    name: 'HubError.data',
    code: 'reason_unknown',
  });
});

test.each(['no_action', 'bad_fit'])(
  'a hand-back (%s) that is cut off anywhere is the same in the end, and everybody hears of it once',
  async (reason) => {
    const outcomes = await cutOffAtEveryWrite(openHandOff, (hub, world) =>
      back(world, reason, hub),
    );
    expect(outcomes.length).toBeGreaterThan(6);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes.at(-1));
  },
);

test('a hand-back that is done again an hour later changes nothing', async () => {
  using world = await openHandOff();
  await back(world, 'no_action');
  const once = world.store.rows();
  await world.at(60);
  expect(await back(world, 'no_action')).toEqual({ track: 'ready-again', reason: 'no_action' });
  expect(world.store.rows()).toEqual(once);
});
