import { HubError } from '#core/errors.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { type Job, type NewJob, openJobs } from '#platform/embedded/jobs.ts';
import { MORNING, openStore } from '#test/support/embedded-store.ts';

const NOW = MORNING.getTime();

const job = (id: string, group = id, dueAt = NOW): NewJob => ({
  id,
  kind: 'news',
  group,
  dueAt,
  payload: { id },
});

type Store = ReturnType<typeof openStore>;

const add = ({ db, jobs }: Store, ...all: readonly NewJob[]) => db.write(() => jobs.add(all));

/** The next job that is due, which must be there. */
function take({ jobs }: Store, now = NOW): Job {
  const taken = jobs.take(now);
  if (taken === undefined || 'nextAt' in taken) throw new Error('No job is due.');
  return taken;
}

/** Does everything that is due, and answers what it was. */
async function doAll(store: Store, now = NOW): Promise<string[]> {
  const done: string[] = [];
  for (let next = store.jobs.take(now); next && 'id' in next; next = store.jobs.take(now)) {
    const one = next;
    done.push(one.id);
    await store.db.write(() => store.jobs.finish(one));
  }
  return done;
}

test('what is due first is done first; what came first where both are due', async () => {
  using store = openStore();
  await add(store, job('c', 'c', NOW - 1), job('a'), job('b'), job('d', 'd', NOW - 5));
  expect(await doAll(store)).toEqual(['d', 'c', 'a', 'b']);
});

test('nothing is taken before its time, and it is known when that is', async () => {
  using store = openStore();
  await add(store, job('late', 'late', NOW + 2_592_000_000), job('soon', 'soon', NOW + 5));
  expect(store.jobs.take(NOW)).toEqual({ nextAt: NOW + 5 });
  expect(await doAll(store, NOW + 5)).toEqual(['soon']);
  expect(store.jobs.nextAt()).toBe(NOW + 2_592_000_000);
});

test('the jobs of a group are done one after the other, whatever happens elsewhere', async () => {
  using store = openStore();
  await add(store, job('a1', 'a'), job('a2', 'a', NOW - 100), job('b1', 'b'));
  const first = take(store);
  expect(first.id).toBe('a1');
  expect(take(store).id).toBe('b1');
  expect(store.jobs.take(NOW)).toBeUndefined();
  await store.db.write(() => store.jobs.finish(first));
  expect(take(store).id).toBe('a2');
});

test('a job that is put off holds back its group, and comes first again when its time has come', async () => {
  using store = openStore();
  await add(store, job('a1', 'a'), job('a2', 'a'), job('b1', 'b'));
  const failed = take(store);
  await store.db.write(() => store.jobs.putOff(failed, NOW + 1000));
  expect(await doAll(store)).toEqual(['b1']);
  expect(store.jobs.take(NOW)).toEqual({ nextAt: NOW + 1000 });
  await add(store, job('a3', 'a'));
  const again = take(store, NOW + 1000);
  expect(again).toMatchObject({ id: 'a1', tries: 1 });
  await store.db.write(() => store.jobs.finish(again));
  expect(await doAll(store, NOW + 1000)).toEqual(['a2', 'a3']);
});

test('the same id again is the same job, also once it is done and kept', async () => {
  using store = openStore();
  expect(await add(store, job('a'), job('a'))).toBe(1);
  const one = take(store);
  await store.db.write(() => store.jobs.finish(one, true));
  expect(await add(store, job('a'))).toBe(1);
  expect(await doAll(store)).toEqual([]);
  expect(store.jobs.count(NOW)).toEqual({ open: 0, due: 0 });
});

test('a job that nobody wants any more is not done, and its group goes on', async () => {
  using store = openStore();
  await add(store, job('a1', 'a'), job('a2', 'a'), job('a3', 'a'));
  await store.db.write(() => {
    store.jobs.cancel('a1');
    store.jobs.cancel('no such job');
  });
  expect(store.jobs.has('a1')).toBe(false);
  expect(await doAll(store)).toEqual(['a2', 'a3']);
});

test('a job that is cancelled while it is done is neither done again nor in the way', async () => {
  using store = openStore();
  await add(store, job('a1', 'a'), job('a2', 'a'));
  const taken = take(store);
  await store.db.write(() => store.jobs.cancel('a1'));
  await store.db.write(() => store.jobs.putOff(taken, NOW + 5));
  expect(await doAll(store, NOW + 10)).toEqual(['a2']);
});

test('a job that takes the place of another is done in its turn', async () => {
  using store = openStore();
  await add(store, job('a'), job('b'), job('timer', 'timer', NOW + 50));
  const first = take(store);
  await store.db.write(() => {
    store.jobs.replace(first, job('a, next'));
    store.jobs.replace({ id: 'timer' }, job('later', 'later', NOW + 60));
    store.jobs.replace({ id: 'no such job' }, job('c'));
  });
  expect(await doAll(store)).toEqual(['a, next', 'b', 'c']);
  expect(store.jobs.take(NOW)).toEqual({ nextAt: NOW + 60 });
  expect(await doAll(store, NOW + 60)).toEqual(['later']);
});

test('a job whose place another took while it was done leaves the other alone', async () => {
  using store = openStore();
  await add(store, job('a'));
  const taken = take(store);
  await store.db.write(() => store.jobs.replace(taken, job('b')));
  await store.db.write(() => store.jobs.putOff(taken, NOW + 5));
  await store.db.write(() => store.jobs.finish(taken));
  expect(await doAll(store)).toEqual(['b']);
  expect(store.jobs.count(NOW)).toEqual({ open: 0, due: 0 });
});

test('jobs that are cancelled before their time are forgotten, however many they are', async () => {
  using store = openStore();
  const { db, jobs } = store;
  const ids = Array.from({ length: 2_500 }, (_, index) => `timer-${index}`);
  await db.write(() => jobs.add(ids.map((id) => job(id, id, NOW + 50))));
  await db.write(() => {
    for (const id of ids.slice(0, -2)) jobs.cancel(id);
  });
  expect(await doAll(store, NOW + 50)).toEqual(ids.slice(-2));
});

describe('a transaction that is undone', () => {
  const undone = new HubError('conflict', 'write_conflict', 'Somebody was first.');

  test('leaves no ghost in the schedule', async () => {
    using store = openStore();
    const { db, jobs } = store;
    const refused = db.write(() => {
      jobs.add([job('ghost')]);
      throw undone;
    });
    await expect(refused).rejects.toBe(undone);
    expect(jobs.take(NOW)).toBeUndefined();
    expect(jobs.count(NOW)).toEqual({ open: 0, due: 0 });
    expect(await add(store, job('ghost'))).toBe(0);
    expect(await doAll(store)).toEqual(['ghost']);
  });

  test('forgets, cancels and puts off nothing', async () => {
    using store = openStore();
    const { db, jobs } = store;
    await add(store, job('a1', 'a'), job('a2', 'a'));
    const taken = take(store);
    const refused = db.write(() => {
      jobs.finish(taken);
      jobs.cancel('a2');
      throw undone;
    });
    await expect(refused).rejects.toBe(undone);
    await db.write(() => jobs.putOff(taken, NOW));
    expect(await doAll(store)).toEqual(['a1', 'a2']);
  });

  test('undoes none of those that are written along with it', async () => {
    using store = openStore();
    const { db, jobs } = store;
    const all = await Promise.allSettled([
      add(store, job('before')),
      db.write(() => {
        jobs.add([job('ghost')]);
        throw undone;
      }),
      add(store, job('after')),
    ]);
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await doAll(store)).toEqual(['before', 'after']);
  });
});

test('whatever is open when the store is opened again goes on as it was', async () => {
  using store = openStore();
  await add(store, job('a1', 'a'), job('a2', 'a'), job('b', 'b'), job('c', 'c', NOW + 50));
  const failed = take(store);
  await store.db.write(() => store.jobs.putOff(failed, NOW + 10));
  const interrupted = take(store);
  expect(interrupted.id).toBe('b');
  store.db.close();

  const db = openDatabase(store.folder, 'process-end');
  try {
    const again = { ...store, db, jobs: openJobs(db, () => {}) };
    expect(take(again).id).toBe('b');
    expect(take(again, NOW + 10)).toMatchObject({ id: 'a1', tries: 1, payload: { id: 'a1' } });
    expect(again.jobs.count(NOW + 50)).toEqual({ open: 4, due: 4 });
  } finally {
    db.close();
  }
});
