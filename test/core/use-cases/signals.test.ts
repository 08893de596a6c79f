import { climb } from '#core/steps/clock.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { reassign } from '#core/steps/reassign.ts';
import { ANNA, JONAS, MIRIAM, openHandOff } from '#test/support/hand-off-world.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';
import { accepted, deal, rejected, worked } from '#test/support/sales-events.ts';

type World = Awaited<ReturnType<typeof openHandOff>>;

async function waiting(): Promise<World> {
  const world = await openHandOff();
  await world.openClock('accept', 'handoff.accepted');
  await world.wait('handoff.accepted');
  return world;
}

const acceptClock = async (world: World) => (await world.handoff()).clocks[0];

describe('a wait for the acceptance', () => {
  test.each([
    ['a click', accepted(minute(5))],
    ['a change of the status in the CRM', accepted(minute(5), { via: 'crm' })],
    ['work, which says yes by itself', worked(minute(5))],
    ['a deal, which says yes by itself', deal(minute(5), 'open')],
  ])('is ended by %s', async (_what, signal) => {
    using world = await waiting();
    await world.at(5);
    await world.tell(signal);
    expect(world.ended).toMatchObject([
      { token: 'token-1', output: { at: minute(5), by: ANNA, event: signal.id } },
    ]);
    expect(await acceptClock(world)).toMatchObject({ metAt: minute(5) });
  });

  test('is ended by a rejection, with its reason alone', async () => {
    using world = await waiting();
    await world.tell(rejected(minute(5), { note: 'not before spring' }));
    expect(world.ended).toEqual([
      { token: 'token-1', error: 'Handoff.Rejected', cause: 'no_budget' },
    ]);
    expect((await world.handoff()).signals.rejected).toMatchObject({ note: 'not before spring' });
    expect(await acceptClock(world)).toMatchObject({ metAt: minute(5) });
  });

  test('is ended at once by a signal that came before it', async () => {
    using world = await openHandOff();
    await world.tell(accepted(minute(1)));
    expect(world.ended).toEqual([]);
    await world.openClock('accept', 'handoff.accepted');
    await world.wait('handoff.accepted');
    expect(world.ended).toMatchObject([{ token: 'token-1', output: { at: minute(1) } }]);
  });

  test('hears of the same signal once', async () => {
    using world = await waiting();
    await world.tell(accepted(minute(5)));
    const before = await world.handoff();
    await world.tell(accepted(minute(5)));
    await world.tell(accepted(minute(7), { via: 'email' }));
    expect(await world.handoff()).toEqual(before);
  });

  test('goes on for a snooze and for an opportunity that another wait is for', async () => {
    using world = await openHandOff();
    await world.wait('opportunity.changed');
    await world.tell(accepted(minute(1)), worked(minute(2)), deal(minute(3), 'open'));
    expect(world.ended).toEqual([]);
    await world.tell(deal(minute(4), 'won'));
    expect(world.ended).toMatchObject([{ output: { outcome: 'won', at: minute(4) } }]);
  });
});

describe('who may answer', () => {
  test.each([
    ['somebody else of the team', { by: { email: JONAS } }, `${JONAS} is not the owner`],
    [
      'a chat user whom the playbook does not know',
      { by: { external: { connection: 'slack', kind: 'user', id: 'U999' } } },
      'whoever answered is not among the people of the playbook',
    ],
    [
      'a stranger by mail',
      { by: { email: 'mallory@example.com' }, via: 'email' as const },
      'whoever answered is not among the people of the playbook',
    ],
  ])('not %s', async (_who, told, why) => {
    using world = await waiting();
    await world.tell(accepted(minute(5), told));
    expect(world.ended).toEqual([]);
    expect((await world.handoff()).signals).toEqual({});
    expect((await world.titles()).at(-1)).toBe(`set aside: handoff.accepted, because ${why}`);
  });

  test.each([
    ['the owner by their id in the chat', { by: slackUser('U0ANNA') }, ANNA],
    ['their manager', { by: { email: MIRIAM } }, MIRIAM],
    ['their manager by an id in the chat', { by: slackUser('U0MIRIAM') }, MIRIAM],
    ['whom only the CRM knows', { by: slackUser('005X'), via: 'crm' as const }, ANNA],
  ])('%s', async (_who, told, by) => {
    using world = await waiting();
    await world.tell(accepted(minute(5), told));
    expect(world.ended).toMatchObject([{ output: { by } }]);
    expect((await world.handoff()).owner).toBe(ANNA);
  });

  test('whoever is made the owner in the CRM: the hand-off moves with it', async () => {
    using world = await waiting();
    await world.tell(accepted(minute(5), { via: 'crm', asOwner: true, by: { email: JONAS } }));
    expect(await world.handoff()).toMatchObject({ owner: JONAS, previousOwners: [ANNA] });
    expect((await world.person()).owner).toEqual({ kind: 'salesperson', id: JONAS });
    expect(world.ended).toMatchObject([{ output: { by: JONAS } }]);
  });

  test('not whoever was invited to an earlier round', async () => {
    using world = await waiting();
    await reassign(world.hub, { ...world.step, step: 'reassign' }, { atMost: 2 });
    const { owner, round } = await world.handoff();
    expect([owner, round]).toEqual([JONAS, 1]);
    await world.tell(accepted(minute(5), { subject: { handoffId: world.invitation } }));
    expect((await world.handoff()).signals).toEqual({});
    expect((await world.titles()).at(-1)).toMatch(/the invitation has since gone to somebody else/);
  });

  test('nobody after the end', async () => {
    using world = await waiting();
    await world.tell(rejected(minute(5)));
    await handBack(world.hub, { ...world.step, step: 'nurture', reason: 'no_budget' }, {});
    const before = await world.handoff();
    await world.tell(accepted(minute(6)));
    expect(await world.handoff()).toEqual(before);
    expect((await world.titles()).at(-1)).toMatch(/the hand-off is over \(handed-back\)/);
  });
});

function slackUser(id: string) {
  return { external: { connection: 'slack', kind: 'user', id } };
}

describe('the clock', () => {
  const breached = async (world: World) => {
    await world.at(15);
    const awaits = 'handoff.accepted' as const;
    await climb(world.hub, { ...world.step, step: 'accept', awaits }, { clock: 'accept' });
    expect(await acceptClock(world)).toMatchObject({ breachedAt: minute(15) });
  };

  test('is not met by an acceptance after its deadline', async () => {
    using world = await waiting();
    await breached(world);
    await world.tell(accepted(minute(16)));
    expect(await acceptClock(world)).toMatchObject({
      breachedAt: minute(15),
      endedAt: minute(16),
    });
    expect(world.ended).toHaveLength(1);
  });

  test('takes its breach back when news comes late of an act in time', async () => {
    using world = await waiting();
    await breached(world);
    await world.tell(accepted(minute(14)));
    const clock = await acceptClock(world);
    expect(clock).toMatchObject({ metAt: minute(14) });
    expect(clock).not.toHaveProperty('breachedAt');
  });

  test('takes its breach back even after news of what was done too late', async () => {
    using world = await waiting();
    await breached(world);
    await world.tell(worked(minute(20)), accepted(minute(14), { via: 'crm' }));
    const clock = await acceptClock(world);
    expect(clock).toMatchObject({ metAt: minute(14) });
    expect(clock).not.toHaveProperty('breachedAt');
  });

  test('is put off by a snooze: deadline, rungs and what is to be done next', async () => {
    using world = await waiting();
    await world.tell(snoozed(minute(3)));
    expect(await acceptClock(world)).toMatchObject({ deadline: minute(45), snoozes: 1 });
    expect((await acceptClock(world))?.rungs.map(({ at }) => at)).toEqual(
      [37.5, 45, 52.5, 60].map(minute),
    );
    expect((await world.person()).nextAction).toEqual({ what: 'accept', at: minute(45) });
    expect(world.ended).toEqual([]);
  });

  test('is put off by working time: what is left of the evening goes on in the morning', async () => {
    using world = await waiting();
    const longer = { ...snoozed(minute(3)), minutes: 8 * 60 };
    await world.tell(longer);
    expect(await acceptClock(world)).toMatchObject({ deadline: '2026-12-08T09:15:00.000Z' });
  });

  test('is put off twice at most', async () => {
    using world = await waiting();
    await world.tell(snoozed(minute(3)), snoozed(minute(4)), snoozed(minute(5)));
    expect(await acceptClock(world)).toMatchObject({ deadline: minute(75), snoozes: 2 });
  });

  test('is put off once by one snooze, however often the bus brings it', async () => {
    using world = await waiting();
    await world.tell(snoozed(minute(3)));
    await world.repeat(snoozed(minute(3)), world.personId);
    expect(await acceptClock(world)).toMatchObject({ deadline: minute(45), snoozes: 1 });
  });

  test('is not put off by somebody else', async () => {
    using world = await waiting();
    await world.tell(snoozed(minute(3), JONAS));
    expect(await acceptClock(world)).toMatchObject({ deadline: minute(15), snoozes: 0 });
  });
});

const snoozed = (at: string, by = ANNA) =>
  event<'handoff.snoozed'>({
    type: 'handoff.snoozed',
    at,
    subject: { email: ADA },
    by: { email: by },
    via: 'slack',
    minutes: 30,
  });

test('a new owner answers for themselves: what the one before said is no answer of theirs', async () => {
  using world = await waiting();
  await world.tell(accepted(minute(5)));
  await world.tell(rejected(minute(6)));
  await reassign(world.hub, { ...world.step, step: 'reassign' }, { atMost: 2 });
  const { owner, round, signals } = await world.handoff();
  expect({ owner, round, signals }).toEqual({ owner: JONAS, round: 1, signals: {} });
});
