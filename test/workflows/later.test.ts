import { HubError } from '#core/errors.ts';
import { openHandOff } from '#test/support/hand-off-world.ts';
import { minute } from '#test/support/lead-events.ts';
import { runStep } from '#workflows/run-step.ts';
import { laterThan, orLater } from '#workflows/steps/later.ts';

const HOUR = 3_600_000;
const now = new Date(minute(0));
const busy = (retryAfterMs?: number) =>
  new HubError('retry', 'connection_busy', "its limit 'daily' has no room", {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

test.each([
  ['a quota until midnight', busy(15 * HOUR), minute(15 * 60)],
  ['a minute of throttling', busy(60_000), undefined],
  ['an hour, which the tries themselves wait', busy(HOUR), undefined],
  ['an outage of which nobody says how long', busy(), undefined],
  ['what no wait mends', new HubError('data', 'x', 'y'), undefined],
  ['what is not ours', new Error('y'), undefined],
  ['a week and more', busy(9 * 24 * HOUR), undefined],
])('%s', (_what, error, until) => {
  const thrown = orLater(error, minute(0), now);
  expect(laterThan(thrown, now)?.toISOString()).toBe(until);
  if (until === undefined) expect(thrown).toBe(error);
});

test('a step that has waited for a week is no longer put off', () => {
  const entered = new Date(now.getTime() - 7.5 * 24 * HOUR).toISOString();
  expect(orLater(busy(15 * HOUR), entered, now)).toMatchObject({ name: 'HubError.retry' });
});

test('a step whose vendor has no room today asks to be done later, and the timeline says when', async () => {
  using world = await openHandOff();
  const operations = {
    ...world.hub.operations,
    call: () => Promise.reject(busy(15 * HOUR)),
  };
  const call = { ...world.step, use: 'reassign', step: 'reassign', with: { atMost: 2 } };
  const answer = runStep({ ...world.hub, operations }, { ...call, score: SCORE });
  await expect(answer).rejects.toMatchObject({
    name: 'HubError.later',
    message: expect.stringMatching(/^54000 seconds: /),
  });
  expect(await world.titles()).toContain(`step reassign waits until ${minute(15 * 60)}`);
});

const SCORE = {
  ...{ rating: 'hot', grade: 'A1', lane: 'hand-raiser', fit: 90, engagement: 80 },
  disqualifiedBy: null,
};
