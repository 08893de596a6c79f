import type { CanonicalEvent } from '#core/events.ts';
import { applyEvent } from '#core/intake/apply-event.ts';
import { endRun } from '#core/runs/end-run.ts';
import { handBack } from '#core/steps/hand-back.ts';
import { reassign } from '#core/steps/reassign.ts';
import { cutOffAtEveryWrite } from '#test/support/cut-off.ts';
import { ANNA, openHandOff } from '#test/support/hand-off-world.ts';
import { ADA, event, minute } from '#test/support/lead-events.ts';
import { contact, merged } from '#test/support/merge-world.ts';
import { openTwo, type TwoAtSales } from '#test/support/two-at-sales.ts';
import { dispatch } from '#workflows/dispatch.ts';

const about = (subject: CanonicalEvent['subject']) => ({ connection: 'hubspot', subject });
const two = about({ external: [contact('2')] });
const ada = about({ email: ADA });

const silence = (at: string, of: typeof two) =>
  event<'consent.changed'>({
    ...{ ...of, type: 'consent.changed', at, channel: 'all', granted: false },
  });
const erase = (at: string, of: typeof two) =>
  event<'person.erased'>({ ...of, type: 'person.erased', at });

const told = ({ operations }: Pick<TwoAtSales, 'operations'>) =>
  operations.calls.filter(
    ({ operation, input }) =>
      operation === 'message.post' &&
      String((input as { title: string }).title).includes('was withdrawn'),
  );

describe.each([
  ['a no by a merge', [silence(minute(2), two), merged(minute(5), '1', '2')]],
  ['an erasure by a merge', [erase(minute(2), two), merged(minute(5), '1', '2')]],
  ['a no by themselves', [silence(minute(2), ada)]],
  ['an erasure of themselves', [erase(minute(2), ada)]],
])('%s', (_what, news) => {
  async function openSilenced() {
    const world = await openTwo();
    await world.openClock('accept', 'handoff.accepted');
    await world.wait('handoff.accepted');
    await world.tell(...news);
    return world;
  }

  test('takes a lead from who has it: clocks, message and task end, and they are told once', async () => {
    using world = await openSilenced();
    const handoff = await world.handoff();
    expect(handoff.clocks.map(({ endedAt, breachedAt }) => [endedAt, breachedAt])).toEqual([
      [expect.any(String), undefined],
    ]);
    const ended = new Map(world.ended.map((one) => [one.token, one]));
    expect([...ended.values()]).toMatchObject([
      { error: 'Handoff.Rejected', cause: 'may_not_be_contacted' },
    ]);
    const done = world.operations.calls.map(({ operation }) => operation);
    expect(done).toEqual(expect.arrayContaining(['message.update', 'task.close']));
    expect(told(world)).toMatchObject([{ input: { to: ANNA } }]);
    // Nothing of the person is in what is posted of somebody who was erased.
    expect(JSON.stringify(told(world))).not.toMatch(/Ada|Lovelace|Byron/);
    for (const one of news) await world.repeat(one, world.personId);
    expect(new Set(told(world).map(({ key }) => key)).size).toBe(1);
  });

  test('declines them, and nobody gets them instead', async () => {
    using world = await openSilenced();
    const step = { ...world.step, reason: 'may_not_be_contacted' };
    await expect(reassign(world.hub, step, { atMost: 2 })).rejects.toMatchObject({
      name: 'Reassign.Exhausted',
    });
    await handBack(world.hub, { ...step, step: 'nurture' }, {});
    const { run, workflow } = step;
    await endRun(world.hub, { run, workflow, person: world.personId, status: 'SUCCEEDED' });
    expect(await world.person()).toMatchObject({
      ...{ standing: 'declined', suppressed: true, owner: { kind: 'queue', id: 'declined' } },
      nextAction: { at: expect.any(String) },
    });
    expect(await world.handoff()).toMatchObject({ status: 'declined' });
    const lists = world.operations.calls.filter(({ operation }) => operation === 'list.add');
    expect(lists).toEqual([]);
  });
});

test('a no to mail alone leaves a lead with who has it', async () => {
  using world = await openTwo();
  const { subject, connection } = ada;
  await world.tell(
    event<'consent.changed'>({
      ...{ subject, connection, type: 'consent.changed', at: minute(2) },
      ...{ channel: 'email', granted: false },
    }),
  );
  expect((await world.handoff()).signals.rejected).toBeUndefined();
  expect(told(world)).toEqual([]);
});

test('cut off at any write, a lead is withdrawn as if never cut off', async () => {
  const no = silence(minute(2), ada);
  const outcomes = await cutOffAtEveryWrite(
    async () => {
      const world = await openHandOff();
      await world.openClock('accept', 'handoff.accepted');
      await world.wait('handoff.accepted');
      return world;
    },
    async (hub, { personId }) => {
      await applyEvent(hub, no);
      await dispatch(hub, { event: no, personId });
    },
  );
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes.at(-1));
  expect(outcomes.length).toBeGreaterThan(3);
}, 60_000);
