import { ANNA, JONAS, MIRIAM, openFirstTouch, openHandOff } from '#test/support/hand-off-world.ts';
import { event, minute } from '#test/support/lead-events.ts';

type World = Awaited<ReturnType<typeof openFirstTouch>>;

const paused = (world: World, by: string, more: object = {}) =>
  event<'handoff.paused'>({
    type: 'handoff.paused',
    at: minute(10),
    subject: { handoffId: world.invitation },
    by: { email: by },
    via: 'slack',
    reason: 'buyer-away',
    length: '1 business hour',
    ...more,
  });

const vetoed = (world: World, by: string) =>
  event<'handoff.vetoed'>({
    type: 'handoff.vetoed',
    at: minute(61),
    subject: { handoffId: world.invitation },
    by: { email: by },
    via: 'slack',
  });

const lastTold = (world: World) =>
  world.operations.calls.at(-1)?.input as { to: string; title: string; lines: string[] };

test('the invitation offers pauses that some clock allows at all', async () => {
  using world = await openHandOff();
  const { input } = world.operations.calls.at(-1) ?? {};
  const { actions, pauses } = input as { actions: string[]; pauses: { length: string }[] };
  expect(actions).toContain('pause');
  expect(pauses).toContainEqual({ reason: 'procurement', length: '5 business days' });
  expect(pauses.filter((one) => one.length === '1 business day')).toHaveLength(3);
});

test('a pause is taken once, however often its button is heard of', async () => {
  using world = await openFirstTouch();
  await world.at(10);
  await world.tell(paused(world, ANNA));
  await world.repeat(paused(world, ANNA), world.personId);
  expect((await world.clock())?.pauses).toHaveLength(1);
  expect(await world.clock()).toMatchObject({ deadline: minute(90) });
  expect(lastTold(world)).toMatchObject({ to: ANNA, title: 'Ada Lovelace: done' });
  expect(world.operations.calls.filter(({ key }) => key.startsWith('answer/'))).toHaveLength(1);
});

test.each([
  [
    'more than the budget',
    ANNA,
    { length: '3 business days' },
    'may be paused for 2 business days',
  ],
  ['a reason of nobody', ANNA, { reason: 'bored' }, 'may be paused for: waiting-for-buyer'],
  ['a length that cannot be read', ANNA, { length: 'a while' }, 'cannot be read'],
])('%s is refused, and whoever asked hears why', async (_what, by, more, why) => {
  using world = await openFirstTouch();
  await world.at(10);
  await world.tell(paused(world, by, more));
  expect((await world.clock())?.pauses).toBeUndefined();
  expect(lastTold(world).lines[0]).toContain(why);
  expect((await world.titles()).join('\n')).toContain(why);
});

test.each([
  ['somebody else', JONAS, {}, 'is not the owner'],
  ['a stranger', 'eve@other.example', {}, 'not among the people'],
  ['an invitation of another round', ANNA, { subject: { handoffId: '' } }, 'gone to somebody else'],
])('%s changes no clock', async (_what, by, more, why) => {
  using world = await openFirstTouch();
  await world.at(10);
  const subject = { handoffId: world.invitation.replace(/\.0$/, '.7') };
  await world.tell(paused(world, by, 'subject' in more ? { subject } : {}));
  expect((await world.clock())?.pauses).toBeUndefined();
  expect((await world.titles()).join('\n')).toContain(why);
});

test('the manager has a button before the lead leaves, and it keeps the lead once', async () => {
  using world = await openFirstTouch();
  await world.climbAt(60);
  const warnings = world.operations.calls
    .map(({ input }) => input as { to: string; title?: string; actions?: string[] })
    .filter(({ title = '' }) => title.includes('about to leave'));
  expect(warnings).toMatchObject([
    { to: ANNA, actions: [] },
    { to: MIRIAM, actions: ['veto'], handoffId: world.invitation },
  ]);
  await world.at(61);
  await world.tell(vetoed(world, MIRIAM));
  await world.repeat(vetoed(world, MIRIAM), world.personId);
  expect(await world.clock()).toMatchObject({ vetoes: 1 });
  expect(lastTold(world)).toMatchObject({ to: MIRIAM, title: 'Ada Lovelace: done' });
  expect(await world.climbAt(121)).toMatchObject({ outcome: 'wait' });
});

test('nobody but the manager keeps a lead', async () => {
  using world = await openFirstTouch();
  await world.climbAt(60);
  await world.tell(vetoed(world, ANNA));
  expect((await world.clock())?.vetoes).toBeUndefined();
  expect(lastTold(world).lines[0]).toContain('Only the manager');
});
