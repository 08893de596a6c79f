import { comeUp } from '#core/nurture/come-up.ts';
import type { Hub } from '#core/ports/hub.ts';
import { endRun } from '#core/runs/end-run.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { rate } from '#core/steps/score.ts';
import { openHandOff } from '#test/support/hand-off-world.ts';
import { ADA, demoRequest, event, minute, pageView } from '#test/support/lead-events.ts';

type World = Awaited<ReturnType<typeof openHandOff>>;

const DAY = 24 * 60;
const days = (count: number) => minute(count * DAY);

/** Ada, given back by sales for a reason: her run is over and marketing has her. */
async function givenBack(reason: string, change?: (hub: Hub) => Hub): Promise<World> {
  const world = await openHandOff(change);
  const { step } = world;
  await handBack(world.hub, { ...step, step: 'nurture', reason }, {});
  const { run, workflow, person } = step;
  await endRun(world.hub, { run, workflow, person, status: 'SUCCEEDED' });
  return world;
}

const upAt = async (world: World, day: number) => {
  await world.at(day * DAY);
  await comeUp(world.hub, world.personId);
};

const onList = (world: World) =>
  world.operations.calls
    .filter(({ operation }) => operation.startsWith('list.'))
    .map(({ operation }) => operation);

const usage = (day: number) =>
  event<'usage.recorded'>({
    type: 'usage.recorded',
    at: days(day),
    subject: { email: ADA },
    feature: 'export',
    amount: 1,
  });
const ticket = (day: number, open: boolean) =>
  event<'ticket.changed'>({
    type: 'ticket.changed',
    at: days(day),
    subject: { email: ADA },
    severity: 'severe',
    ticket: '7',
    open,
  });

test('whose time has come is rated again, though nobody asked for it', async () => {
  using world = await givenBack('no_action');
  await upAt(world, 6);
  expect(world.started).toHaveLength(1);
  await upAt(world, 7);
  expect(world.started).toHaveLength(2);
  expect(await world.person()).toMatchObject({ standing: 'rating', recycle: { count: 1 } });
  expect(await world.titles()).toContain(
    'workflow inbound-lead started for the 2. time: their time has come',
  );
  // Asked again, it makes sure that the same run was started.
  await comeUp(world.hub, world.personId);
  expect(new Set(world.started.map(({ name }) => name)).size).toBe(2);
});

test('who did nothing since is left where they are, with another time', async () => {
  using world = await givenBack('no_response');
  await upAt(world, 30);
  expect(world.started).toHaveLength(1);
  expect(await world.person()).toMatchObject({
    standing: 'nurture',
    nextAction: { at: days(60) },
  });
  await world.tell(pageView(days(30), { email: ADA }));
  expect(world.started).toHaveLength(2);
});

test('a sign in the time of peace brings them up at its end', async () => {
  using world = await givenBack('no_response');
  await world.at(3 * DAY);
  await world.tell(pageView(days(3), { email: ADA }));
  expect(world.started).toHaveLength(1);
  expect(await world.person()).toMatchObject({ nextAction: { at: days(14) } });
  await upAt(world, 14);
  expect(world.started).toHaveLength(2);
});

test.each([
  ['self_serve_preferred', usage(10), 2],
  ['self_serve_preferred', pageView(days(10), { email: ADA }), 1],
  ['no_need_yet', pageView(days(20), { email: ADA }, 'The cost of doing nothing'), 2],
  ['no_need_yet', pageView(days(20), { email: ADA }, 'Careers'), 1],
])('%s waits for a sign of its own', async (reason, sign, runs) => {
  using world = await givenBack(reason);
  await world.at(20 * DAY);
  await world.tell(sign);
  expect(world.started).toHaveLength(runs);
});

test('marketing may not bring them up in the time of peace, but they may themselves', async () => {
  using world = await givenBack('no_response');
  await world.at(2 * DAY);
  const form = { handRaiser: false, form: 'Newsletter' };
  await world.tell(demoRequest(days(2), form));
  expect(world.started).toHaveLength(1);
  expect((await world.titles()).at(-1)).toMatch(/^set aside: lead.captured, because they are left/);
  await world.tell(demoRequest(days(3)));
  expect(world.started).toHaveLength(2);
});

test('what they did before sales had them counts at most the floor, and a talk they had is over', async () => {
  using world = await openHandOff();
  for (const hour of [1, 2, 3]) await world.tell(pageView(minute(-60 * hour), { email: ADA }));
  const before = await rate(world.hub, world.personId, 'default');
  await handBack(world.hub, { ...world.step, step: 'nurture', reason: 'no_response' }, {});
  const after = await rate(world.hub, world.personId, 'default');
  expect(before.lane).toBe('hand-raiser');
  expect(after.lane).not.toBe('hand-raiser');
  expect(after.engagement).toBeLessThanOrEqual(20);
  expect(after.fit).toBe(before.fit);
});

test('a date that sales was told brings them up ahead of it', async () => {
  using world = await openHandOff();
  await world.tell(
    event<'handoff.rejected'>({
      type: 'handoff.rejected',
      at: minute(1),
      subject: { handoffId: world.invitation },
      by: { email: world.step.handoff?.owner },
      via: 'email',
      reason: 'no_budget',
      namedDate: days(60),
    }),
  );
  await handBack(world.hub, { ...world.step, step: 'nurture', reason: 'no_budget' }, {});
  expect((await world.person()).nextAction.at).toBe(days(30));
});

test('a severe ticket takes them off the list at once, and keeps them from sales until it is over', async () => {
  using world = await givenBack('no_action');
  await world.at(DAY);
  await world.tell(ticket(1, true));
  expect(onList(world)).toEqual(['list.add', 'list.remove']);
  await upAt(world, 8);
  expect(world.started).toHaveLength(1);
  await world.at(9 * DAY);
  await world.tell(ticket(9, false));
  await upAt(world, 15);
  expect(world.started).toHaveLength(1);
  await upAt(world, 16);
  expect(onList(world)).toEqual(['list.add', 'list.remove', 'list.add']);
  expect(world.started).toHaveLength(2);
});

test('who may not be contacted any more is on no list and no track', async () => {
  using world = await givenBack('no_response');
  await world.tell(
    event<'consent.changed'>({
      type: 'consent.changed',
      at: days(1),
      subject: { email: ADA },
      channel: 'all',
      granted: false,
    }),
  );
  expect(onList(world)).toEqual(['list.add', 'list.remove']);
  const { standing, enrolled } = await world.person();
  expect({ standing, enrolled }).toEqual({ standing: 'declined', enrolled: undefined });
});

test('an enrolment that the vendor does not keep is made again, and told of if that does not help', async () => {
  let member = true;
  const asking = (hub: Hub): Hub => ({
    ...hub,
    operations: {
      ...hub.operations,
      fieldsOf: () => ['record', 'list'],
      call: async (call) =>
        call.operation === 'list.has' ? { member } : hub.operations.call(call),
    },
  });
  using world = await givenBack('no_response', asking);
  expect((await world.person()).enrolled).toMatchObject({ provedAt: minute(0) });
  member = false;
  await upAt(world, 30);
  expect(onList(world)).toEqual(['list.add', 'list.add']);
  expect(world.operations.calls.at(-1)).toMatchObject({
    operation: 'message.post',
    input: { to: '#lead-alerts' },
  });
});
