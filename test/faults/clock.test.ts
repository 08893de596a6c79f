import { jest } from '@jest/globals';
import { acceleratedClock, anchorIn, type HubClock, realClock } from '#platform/embedded/clock.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { openWorker } from '#platform/embedded/worker.ts';
import { openStore } from '#test/support/embedded-store.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';
import { MONDAY } from './story.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Waits on a clock whose time of day is told by hand, with Node's timers run by hand as well. */
async function looksAfter(
  clock: HubClock,
  at: number,
  meanwhile: () => void,
  runMs: number,
): Promise<boolean> {
  jest.useFakeTimers({ doNotFake: ['Date', 'performance', 'nextTick', 'setImmediate'] });
  try {
    let looked = false;
    const waiting = clock.until(at).then(() => {
      looked = true;
    });
    meanwhile();
    await jest.advanceTimersByTimeAsync(runMs);
    const seen = looked;
    clock.wake();
    await waiting;
    return seen;
  } finally {
    jest.useRealTimers();
  }
}

describe('the time of day', () => {
  test('that jumped ahead while a laptop slept is noticed within a minute', async () => {
    let now = MONDAY.getTime();
    const clock = realClock(() => now);
    const sleeps = () => {
      now += 8 * 60 * MINUTE_MS;
    };
    expect(await looksAfter(clock, now + 7 * 60 * MINUTE_MS, sleeps, MINUTE_MS)).toBe(true);
  });

  test('is not looked at in a hurry while a timer is months away', async () => {
    const now = MONDAY.getTime();
    const clock = realClock(() => now);
    expect(await looksAfter(clock, now + 40 * DAY_MS, () => {}, 5_000)).toBe(false);
  });
});

describe('an accelerated clock', () => {
  test('passes by its factor from its anchor, under whatever start it is', () => {
    let now = MONDAY.getTime();
    const anchor = { real: now, shown: Date.parse('2027-03-01T00:00:00Z') };
    const before = acceleratedClock(60, anchor, () => now);
    now += 10 * MINUTE_MS;
    const after = acceleratedClock(60, anchor, () => now);
    expect(before.now().toISOString()).toBe('2027-03-01T10:00:00.000Z');
    expect(after.now()).toEqual(before.now());
  });

  test('waits so much shorter in real time', async () => {
    const clock = acceleratedClock(36_000);
    const began = performance.now();
    const hour = clock.now().getTime() + 60 * MINUTE_MS;
    while (clock.now().getTime() < hour) await clock.until(hour);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(hour);
  });

  test('goes on from the anchor that lies in the folder', () => {
    using folder = temporaryFolder();
    const first = anchorIn(folder.path, { real: 1, shown: 2 });
    const second = anchorIn(folder.path, { real: 3, shown: 4 });
    expect([first, second]).toEqual([
      { real: 1, shown: 2 },
      { real: 1, shown: 2 },
    ]);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'does not pass %d times as fast',
    (f) => {
      expect(() => acceleratedClock(f)).toThrow(RangeError);
    },
  );

  test('rings a timer of more than 24.8 days once, and not before it is due', async () => {
    using store = openStore();
    const { db } = store;
    const clock = acceleratedClock(40 * DAY_MS, { real: Date.now(), shown: MONDAY.getTime() });
    const jobs = openJobs(db, () => clock.wake());
    const dueAt = MONDAY.getTime() + 300 * DAY_MS;
    const rung: number[] = [];
    const finish = async (job: Parameters<typeof jobs.finish>[0]) => {
      rung.push(clock.now().getTime());
      await db.write(() => jobs.finish(job));
    };
    const handlers = { timer: finish, task: finish, news: finish, envelope: finish, ended: finish };
    const worker = openWorker({ db, jobs, clock, handlers });
    await db.write(() =>
      jobs.add([{ id: 'far', kind: 'timer', group: 'far', dueAt, payload: null }]),
    );
    const running = worker.run();
    while (jobs.nextAt() !== undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    await worker.stop();
    await running;
    expect(rung).toEqual([expect.any(Number)]);
    expect(rung[0]).toBeGreaterThanOrEqual(dueAt);
  });
});
