import { undoMerge } from '#core/identity/merge/undo-merge.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { leaseOf } from '#core/protection/lease.ts';
import type { Person } from '#core/records/person.ts';
import { endRun } from '#core/runs/end-run.ts';
import { handBack } from '#core/steps/hand-back.ts';
import type { StepRun } from '#core/steps/step-run.ts';
import { cutOffAtEveryWrite } from '#test/support/cut-off.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';
import { contact, merged, told } from '#test/support/merge-world.ts';
import { openTwo, personOf, type TwoAtSales, withSales } from '#test/support/two-at-sales.ts';
import { dispatch } from '#workflows/dispatch.ts';

const inMarketo = (id: string) => ({ connection: 'marketo', kind: 'lead', id });

/** Ada and Byron are with sales, and Marketo knows each as a lead of its own. */
async function openKnown() {
  const world = await openTwo();
  const byron = await withSales(world);
  await world.tell(
    told(minute(3), '1', {}, { email: ADA, external: [contact('1'), inMarketo('ada')] }),
    told(minute(3), '2', {}, { external: [contact('2'), inMarketo('byron')] }),
  );
  return { ...world, byron, [Symbol.dispose]: () => world.store.dispose() };
}
type Known = Awaited<ReturnType<typeof openKnown>>;

/** Sales gives somebody back, whose run ends. */
async function givesBack(world: Known, step: StepRun, at: number): Promise<void> {
  world.at(at);
  await handBack(world.hub, { ...step, step: 'nurture', reason: 'no_response' }, {});
  const { run, workflow, person } = step;
  await endRun(world.hub, { run, workflow, person, status: 'SUCCEEDED' });
}

/** Who is on a list at Marketo: each effect of the ledger once, in order. */
function members({ operations }: Pick<TwoAtSales, 'operations'>): string[] {
  const on = new Set<string>();
  const seen = new Set<string>();
  for (const { operation, key, input } of operations.calls) {
    if (!operation.startsWith('list.') || seen.has(key)) continue;
    seen.add(key);
    const { record } = input as { record: { id: string } };
    if (operation === 'list.add') on.add(record.id);
    else on.delete(record.id);
  }
  return [...on].sort();
}

const undo = ({ hub, merges }: TwoAtSales) => undoMerge(hub, merges().at(-1)?.id ?? '', 'ops');

/** What the hub believes of lists is what the ledger did there. */
function expectBelieved(world: TwoAtSales, ...expected: string[]): void {
  const believed = world.people().flatMap(({ enrolled }) => enrolled?.record.id ?? []);
  expect(believed.sort()).toEqual(expected);
  expect(members(world)).toEqual(expected);
}

const bare = ({ enrolled: _when, ...person }: Person) => person;

describe('two whom sales gave back', () => {
  async function openBoth() {
    const world = await openKnown();
    await givesBack(world, world.step, 20);
    await givesBack(world, world.byron, 30);
    world.at(40);
    return { ...world, [Symbol.dispose]: () => world.store.dispose() };
  }
  const both = async (world: Known) =>
    Promise.all([world.personId, world.byron.person].map((id) => personOf(world, id)));

  test('are on one list as one, came back as often as both, and are two again on two', async () => {
    using world = await openBoth();
    const before = await both(world);
    expect(before.map(({ recycle }) => recycle?.count)).toEqual([1, 1]);
    expectBelieved(world, 'ada', 'byron');

    await world.tell(merged(minute(41), '1', '2'));
    const one = world.only();
    expect(one).toMatchObject({ id: world.byron.person, recycle: { count: 2 } });
    const longest = before.map(({ recycle }) => recycle?.coolUntil ?? '').sort();
    expect(one.recycle?.coolUntil).toBe(longest.at(-1));
    expectBelieved(world, 'byron');

    await undo(world);
    await undo(world);
    expect((await both(world)).map(bare)).toEqual(before.map(bare));
    expectBelieved(world, 'ada', 'byron');
  });

  test('that sales gives back once more as one, and then are two: each has what is theirs', async () => {
    using world = await openBoth();
    await world.tell(merged(minute(41), '1', '2'));
    world.at(60 * 24 * 20);
    const again = { ...world.byron, run: 'again', step: 'again', handoff: world.byron.handoff };
    await handBack(world.hub, { ...again, reason: 'no_budget' }, {});
    expect(world.only().recycle).toMatchObject({ count: 3, reason: 'no_budget' });
    await undo(world);
    const [ada, byron] = await both(world);
    expect([ada?.recycle?.count, byron?.recycle?.count]).toEqual([1, 2]);
    expect(ada?.recycle?.reason).toBe('no_response');
    expectBelieved(world, 'ada', 'byron');
  });

  test('cut off at any write, as if never cut off', async () => {
    const news = merged(minute(41), '1', '2');
    const outcomes = await cutOffAtEveryWrite(openBoth, async (hub, world) => {
      await applyEvent(hub, news);
      await dispatch(hub, { event: news, personId: world.byron.person, only: 'merge' });
    });
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes.at(-1));
    const undone = await cutOffAtEveryWrite(
      async () => {
        const world = await openBoth();
        await world.tell(news);
        return world;
      },
      (hub, { merges }) => undoMerge(hub, merges()[0]?.id ?? '', 'ops'),
    );
    for (const outcome of undone) expect(outcome).toEqual(undone.at(-1));
  }, 120_000);
});

test('whom sales has takes the other off their list; undone, marketing has that one again', async () => {
  using world = await openKnown();
  await givesBack(world, world.byron, 30);
  expectBelieved(world, 'byron');
  const before = await personOf(world, world.byron.person);
  await world.tell(merged(minute(31), '2', '1'));
  const one = world.only();
  expect(one).toMatchObject({ id: world.personId, standing: 'with-sales', recycle: { count: 1 } });
  expect(leaseOf(one, world.hub.playbook.protection, world.hub.now()).who).toBe('sales');
  expectBelieved(world);

  await undo(world);
  expect((await personOf(world, world.personId)).recycle).toBeUndefined();
  expect(bare(await personOf(world, world.byron.person))).toEqual(bare(before));
  expectBelieved(world, 'byron');
});

test('a severe ticket of one keeps marketing from both; undone, from that one alone', async () => {
  using world = await openKnown();
  await givesBack(world, world.step, 20);
  await givesBack(world, world.byron, 30);
  await world.tell(
    event<'ticket.changed'>({
      ...{ type: 'ticket.changed', at: minute(31), connection: 'hubspot', ticket: '7' },
      ...{ subject: { external: [contact('1')] }, severity: 'severe', open: true },
    }),
  );
  expectBelieved(world, 'byron');
  await world.tell(merged(minute(32), '1', '2'));
  const { protection } = world.hub.playbook;
  expect(leaseOf(world.only(), protection, world.hub.now()).who).toBe('service');
  expectBelieved(world);

  await undo(world);
  const leases = await Promise.all(
    [world.personId, world.byron.person].map(
      async (id) => leaseOf(await personOf(world, id), protection, world.hub.now()).who,
    ),
  );
  expect(leases).toEqual(['service', 'marketing']);
  expectBelieved(world, 'byron');
});
