import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '#core/errors.ts';
import { realClock } from '#platform/embedded/clock.ts';
import type { Job, JobKind, NewJob } from '#platform/embedded/jobs.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { type JobHandler, openWorker } from '#platform/embedded/worker.ts';
import { MORNING, openStore } from '#test/support/embedded-store.ts';

const news = (id: string, group = id, dueAt = MORNING.getTime()): NewJob => ({
  id,
  kind: 'news',
  group,
  dueAt,
  payload: null,
});

const nothing: JobHandler = async () => {};
const only = (handler: JobHandler): Record<JobKind, JobHandler> => ({
  news: handler,
  envelope: nothing,
  task: nothing,
  timer: nothing,
  ended: nothing,
  'come-up': nothing,
  'tell-ambiguous': nothing,
  'account-news': nothing,
});

/** A worker on a clock that jumps, whose jobs fail as often as the script says. */
function openPlayed(failures: Record<string, readonly unknown[]> = {}) {
  const store = openStore();
  const { db, jobs, clock } = store;
  const done: string[] = [];
  const troubles: unknown[] = [];
  const handler = async (job: Job) => {
    done.push(`${job.id} +${clock.now().getTime() - MORNING.getTime()}`);
    const error = failures[job.id]?.[job.tries];
    if (error !== undefined) throw error;
    await db.write(() => jobs.finish(job));
  };
  const onTrouble = (_job: Job, error: unknown) => troubles.push(error);
  const worker = openWorker({ db, jobs, clock, handlers: only(handler), onTrouble });
  return { ...store, worker, done, troubles, [Symbol.dispose]: store.dispose };
}

test('a job that fails is tried again after 1 s, 2 s, 4 s, and its group waits for it', async () => {
  const error = new Error('broken');
  using played = openPlayed({ a1: [error, error, error] });
  await played.db.write(() => played.jobs.add([news('a1', 'a'), news('a2', 'a'), news('b', 'b')]));
  await played.worker.run();
  expect(played.done).toEqual(['a1 +0', 'b +0', 'a1 +1000', 'a1 +3000', 'a1 +7000', 'a2 +7000']);
  expect(played.troubles).toEqual([error, error, error]);
});

test('a vendor that says when to come again is asked then, and that is no trouble', async () => {
  const later = new HubError('retry', 'vendor_busy', 'Not now.', { retryAfterMs: 30_000 });
  using played = openPlayed({ a: [later] });
  await played.db.write(() => played.jobs.add([news('a')]));
  await played.worker.run();
  expect(played.done).toEqual(['a +0', 'a +30000']);
  expect(played.troubles).toEqual([]);
});

test('a job that keeps failing is tried every quarter of an hour, for ever', async () => {
  const error = new Error('broken');
  using played = openPlayed({ a: Array.from({ length: 200 }, () => error) });
  await played.db.write(() => played.jobs.add([news('a')]));
  await played.worker.run(new Date(MORNING.getTime() + 24 * 3_600_000));
  const times = played.done.map((one) => Number(one.split('+')[1]));
  expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe(900_000);
  expect(played.jobs.count(Number.MAX_SAFE_INTEGER).open).toBe(1);
});

test('a clock that jumps comes to a timer of years ahead, and not beyond where it is told to stop', async () => {
  using played = openPlayed();
  const years = 3 * 365 * 86_400_000;
  await played.db.write(() => played.jobs.add([news('far', 'far', MORNING.getTime() + years)]));
  await played.worker.run(new Date(MORNING.getTime() + years - 1));
  expect(played.done).toEqual([]);
  await played.worker.run();
  expect(played.done).toEqual([`far +${years}`]);
});

/** A worker on the time of day. */
function openReal(handler: (job: Job) => Promise<void>) {
  const store = openStore();
  const clock = realClock();
  const jobs = openJobs(store.db, () => clock.wake());
  const finishing = async (job: Job) => {
    await handler(job);
    await store.db.write(() => jobs.finish(job));
  };
  const worker = openWorker({ db: store.db, jobs, clock, handlers: only(finishing) });
  return { ...store, jobs, worker, [Symbol.dispose]: store.dispose };
}

test('by the time of day several jobs are done at once, and a group still in order', async () => {
  const events: string[] = [];
  let under = 0;
  let most = 0;
  using real = openReal(async ({ id }) => {
    under += 1;
    most = Math.max(most, under);
    events.push(`begin ${id}`);
    await sleep(5);
    events.push(`end ${id}`);
    under -= 1;
  });
  const all = Array.from({ length: 40 }, (_, at) => news(`x${at}`, `x${at}`, 0));
  await real.db.write(() => real.jobs.add([news('a1', 'a', 0), news('a2', 'a', 0), ...all]));
  const running = real.worker.run();
  while (real.jobs.count(Date.now()).open > 0) await sleep(5);
  await real.worker.stop();
  await running;
  expect(most).toBe(24);
  expect(events.indexOf('begin a2')).toBeGreaterThan(events.indexOf('end a1'));
});

test('a worker that sleeps wakes up for what comes, and lets it finish when it is stopped', async () => {
  const done: string[] = [];
  using real = openReal(async ({ id }) => {
    await sleep(20);
    done.push(id);
  });
  await real.db.write(() => real.jobs.add([news('far', 'far', Date.now() + 86_400_000)]));
  const running = real.worker.run();
  await sleep(5);
  await real.db.write(() => real.jobs.add([news('now', 'now', Date.now())]));
  await sleep(10);
  await real.worker.stop();
  await running;
  expect(done).toEqual(['now']);
});

test('the time of day waits for longer than a timer of Node lasts', async () => {
  const clock = realClock();
  let over = false;
  const waiting = clock.until(Date.now() + 40 * 86_400_000).then(() => {
    over = true;
  });
  await sleep(20);
  expect(over).toBe(false);
  clock.wake();
  await waiting;
});
