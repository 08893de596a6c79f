import { undoMerge } from '#core/identity/merge/undo-merge.ts';
import { identify } from '#core/intake/identify.ts';
import { event, minute, pageView } from '#test/support/lead-events.ts';
import { contact, merged, openMergeWorld, told } from '#test/support/merge-world.ts';

const ADA = 'ada@acme.example';
const LOVELACE = 'lovelace@acme.example';

const consent = (at: string, id: string, granted: boolean) =>
  event<'consent.changed'>({
    type: 'consent.changed',
    at,
    connection: 'hubspot',
    subject: { external: [contact(id)] },
    channel: 'all',
    granted,
  });

async function openTwo() {
  const world = await openMergeWorld();
  await world.tell(
    told(minute(0), '1', { email: ADA, title: 'CMO', company: 'Acme' }, { email: ADA }),
    told(minute(1), '2', { email: LOVELACE, title: 'CEO', phone: '1' }, { email: LOVELACE }),
    pageView(minute(2), { email: ADA }, 'Pricing'),
    pageView(minute(3), { email: LOVELACE }, 'Careers'),
  );
  return world;
}

test('a vendor merges two records: one person has the newer facts, all names and all touches', async () => {
  using world = await openTwo();
  await world.tell(merged(minute(5), '1', '2'));
  const one = world.only();
  expect(one.facts).toMatchObject({ title: 'CEO', company: 'Acme', phone: '1', email: LOVELACE });
  expect(one.external).toEqual([contact('1'), contact('2')]);
  expect(await world.touches(one)).toEqual(['Pricing', 'Careers']);
  for (const subject of [{ email: ADA }, { email: LOVELACE }, { external: [contact('2')] }])
    expect((await identify(world.hub.records, subject)).personId).toBe(one.id);
  expect(world.merges()).toMatchObject([{ status: 'settled', by: 'vendor' }]);
});

test('undone, each has again what was told under their own names, before the merge and since', async () => {
  using world = await openTwo();
  const before = world.people();
  await world.tell(merged(minute(5), '1', '2'));
  await undoMerge(world.hub, world.merges()[0]?.id ?? '', 'ops');
  expect(world.people()).toEqual(before);

  // Again, by a vendor that merged them after that; now with news while they are one.
  world.at(60);
  await world.tell(merged(minute(90), '1', '2'));
  await world.tell(
    told(minute(91), '2', { title: 'Chair' }),
    told(minute(92), '1', { region: 'Bavaria' }),
    pageView(minute(93), { email: LOVELACE }, 'Security'),
    pageView(minute(94), { email: ADA }, 'Docs'),
  );
  expect(world.only().facts).toMatchObject({ title: 'Chair', region: 'Bavaria' });
  await undoMerge(
    world.hub,
    world.merges().find(({ status }) => status !== 'undone')?.id ?? '',
    'ops',
  );
  const [ada, lovelace] = ['CMO', 'Chair'].map((title) =>
    world.people().find(({ facts }) => facts.title === title),
  );
  expect(ada?.facts).toEqual({ email: ADA, title: 'CMO', company: 'Acme', region: 'Bavaria' });
  expect(lovelace?.facts).toEqual({ email: LOVELACE, title: 'Chair', phone: '1' });
  expect(ada && (await world.touches(ada))).toEqual(['Pricing', 'Docs']);
  expect(lovelace && (await world.touches(lovelace))).toEqual(['Careers', 'Security']);
});

test.each([
  ['a chain', [merged(minute(5), '2', '1'), merged(minute(6), '3', '2')]],
  ['both ways round', [merged(minute(5), '2', '1'), merged(minute(6), '1', '2', '3')]],
  ['the same twice', [merged(minute(5), '1', '2', '3'), merged(minute(6), '1', '2', '3')]],
])('%s makes one person', async (_what, merges) => {
  using world = await openTwo();
  await world.tell(told(minute(1), '3', { region: 'Hesse' }), ...merges);
  expect(world.only()).toMatchObject({ facts: { title: 'CEO', region: 'Hesse' } });
  expect(world.merges()).toHaveLength(2);
});

test('a merge told before either was ever seen counts for whoever comes', async () => {
  using world = await openMergeWorld();
  await world.tell(
    merged(minute(5), '1', '2'),
    told(minute(1), '2', { phone: '1' }),
    told(minute(0), '1', { title: 'CMO' }),
  );
  expect(world.only().facts).toEqual({ phone: '1', title: 'CMO' });
});

test('whoever may not be contacted under one name may not be under any', async () => {
  using world = await openTwo();
  await world.tell(consent(minute(4), '2', false), merged(minute(5), '1', '2'));
  expect(world.only().suppressed).toBe(true);
  await undoMerge(world.hub, world.merges()[0]?.id ?? '', 'ops');
  expect(
    world
      .people()
      .map(({ suppressed }) => suppressed)
      .sort(),
  ).toEqual([false, true]);
});

test('who is forgotten is forgotten under every name, also once the merge is undone', async () => {
  using world = await openTwo();
  await world.tell(
    merged(minute(5), '1', '2'),
    event<'person.erased'>({
      type: 'person.erased',
      at: minute(6),
      connection: 'hubspot',
      subject: { external: [contact('1')] },
    }),
  );
  await undoMerge(world.hub, world.merges()[0]?.id ?? '', 'ops');
  expect(world.people().map(({ facts, suppressed }) => [facts, suppressed])).toEqual([
    [{}, true],
    [{}, true],
  ]);
  expect(JSON.stringify(world.store.rows().filter(({ type }) => type === 'merge'))).not.toContain(
    'acme',
  );
});

describe('one event that names two', () => {
  test('a record of the sender that is told with the address of somebody known is theirs', async () => {
    using world = await openMergeWorld();
    await world.tell(
      told(minute(0), '1', { phone: '1' }),
      pageView(minute(1), { email: ADA }),
      told(minute(2), '1', { title: 'CMO' }, { email: ADA }),
    );
    expect(world.only().facts).toMatchObject({ phone: '1', title: 'CMO', email: ADA });
    expect(world.merges()).toMatchObject([{ by: 'evidence' }]);
  });

  test('two addresses at one record are for somebody to confirm, and asked for once', async () => {
    using world = await openTwo();
    await world.tell(
      told(minute(5), '1', { title: 'CMO' }, { email: LOVELACE }),
      told(minute(6), '1', { title: 'CTO' }, { email: LOVELACE }),
    );
    expect(world.people()).toHaveLength(2);
    expect(world.candidates()).toMatchObject([{ at: minute(5) }]);
  });

  test('a reference of another system, which anybody may have written, proves nothing', async () => {
    using world = await openTwo();
    await world.tell(pageView(minute(5), { email: 'new@acme.example', external: [contact('1')] }));
    await world.tell(pageView(minute(6), { email: LOVELACE, external: [contact('1')] }));
    expect(world.people()).toHaveLength(2);
    expect(world.candidates()).toHaveLength(1);
  });

  test('a visitor of a device that many use is never asked for', async () => {
    using world = await openTwo();
    await world.tell(
      pageView(minute(5), { email: ADA, anonymousId: 'kiosk' }),
      pageView(minute(6), { email: LOVELACE, anonymousId: 'kiosk' }),
    );
    expect(world.people()).toHaveLength(2);
    expect(world.candidates()).toEqual([]);
  });

  test('who was set apart is neither merged again by the same proof nor asked for', async () => {
    using world = await openMergeWorld();
    await world.tell(
      told(minute(0), '1', { phone: '1' }),
      pageView(minute(1), { email: ADA }),
      told(minute(2), '1', { title: 'CMO' }, { email: ADA }),
    );
    await undoMerge(world.hub, world.merges()[0]?.id ?? '', 'ops');
    await world.tell(told(minute(3), '1', { title: 'CTO' }, { email: ADA }));
    expect(world.people()).toHaveLength(2);
    expect(world.candidates()).toEqual([]);
  });
});
