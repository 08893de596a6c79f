import { RejectWish, rejectAsAsked } from '#core/handoff/reject-as-asked.ts';
import { ANNA, JONAS, MIRIAM, openHandOff } from '#test/support/hand-off-world.ts';
import { minute } from '#test/support/lead-events.ts';

const wish = { by: ANNA, reason: 'not_now_timing', date: '2027-03-01', note: 'in March' };

test.each([
  ['its owner', ANNA],
  ['the manager of its owner', MIRIAM],
])('%s gives it back, once', async (_who, by) => {
  using world = await openHandOff();
  const { id } = await world.handoff();
  await world.at(2);
  await rejectAsAsked(world.hub, id, { ...wish, by });
  await rejectAsAsked(world.hub, id, { ...wish, by });
  await world.hear();
  expect((await world.handoff()).signals.rejected).toMatchObject({
    at: minute(2),
    by,
    via: 'cli',
    reason: 'not_now_timing',
    note: 'in March',
    namedDate: '2027-03-01T00:00:00.000Z',
  });
  const said = (await world.titles()).filter((title) => title.startsWith('sales rejected'));
  expect(said).toHaveLength(1);
});

test.each([
  ['somebody else', { by: JONAS }, 'reject_not_owner'],
  ['for a reason of the hub', { reason: 'no_action' }, 'reason_not_of_sales'],
])('%s gives nothing back', async (_what, more, code) => {
  using world = await openHandOff();
  const { id } = await world.handoff();
  await expect(rejectAsAsked(world.hub, id, { ...wish, ...more })).rejects.toMatchObject({ code });
});

test('of a hand-off that is not there, or a date that is none, is told so', async () => {
  using world = await openHandOff();
  const nobody = rejectAsAsked(world.hub, 'ho_per_nobody_1', wish);
  await expect(nobody).rejects.toMatchObject({ code: 'handoff_not_open' });
  expect(RejectWish.safeParse({ ...wish, date: 'in March' }).success).toBe(false);
});
