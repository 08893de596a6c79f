import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '#platform/embedded/database.ts';
import { openEngine, type TaskFunctions } from '#platform/embedded/engine.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { unpack } from '#platform/embedded/run-text.ts';
import { MORNING, openStore } from '#test/support/embedded-store.ts';
import { playRuns } from '#test/support/played-runs.ts';

const payload = (FunctionName: string) => ({
  FunctionName,
  Payload: { token: '{% $states.context.Task.Token %}' },
});

/** Waits for an answer, a month at the longest; then says so, and sleeps for years. */
const WAITING = {
  QueryLanguage: 'JSONata',
  StartAt: 'wait',
  States: {
    wait: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: payload('ask'),
      TimeoutSeconds: 2_592_000,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'sleep' }],
      Next: 'end',
    },
    sleep: { Type: 'Wait', Seconds: 94_608_000, Next: 'late' },
    late: { Type: 'Pass', Output: 'nobody answered', End: true },
    end: { Type: 'Succeed' },
  },
};

function openPlayed(functions: TaskFunctions, definition: unknown = WAITING) {
  const store = openStore();
  const { db, jobs, now } = store;
  const engine = openEngine({ db, jobs, now, definitions: { waiting: definition } });
  return {
    ...store,
    engine,
    play: playRuns(store, engine, functions),
    begin: () => engine.start({ workflow: 'waiting', name: 'run', input: { person: 'p' } }),
    state: () => stateOf(store.db),
    [Symbol.dispose]: store.dispose,
  };
}

function stateOf(db: ReturnType<typeof openStore>['db']): { status: string; output?: unknown } {
  const row = db.sql.prepare("select state from runs where name = 'run'").get();
  return JSON.parse(unpack((row as { state: string | Buffer }).state)) as {
    status: string;
    output?: unknown;
  };
}

describe('an answer that comes while the call that opens the wait is under way', () => {
  test('is not lost when the call itself gives it', async () => {
    const answers: boolean[] = [];
    using played = openPlayed({
      ask: async (asked) => {
        const { token } = asked as { token: string };
        answers.push(await played.engine.succeed(token, { by: 'kim' }));
        answers.push(await played.engine.succeed(token, { by: 'lee' }));
      },
    });
    await played.begin();
    await played.play();
    expect(answers).toEqual([true, false]);
    expect(played.state()).toMatchObject({ status: 'SUCCEEDED', output: { by: 'kim' } });
  });

  test('is not lost at whatever moment it comes', async () => {
    const pauses = [
      ...Array.from({ length: 60 }, (_, ticks) => async () => {
        for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      }),
      ...Array.from({ length: 6 }, (_, turns) => async () => {
        for (let one = 0; one <= turns; one += 1) await turn();
      }),
    ];
    for (const pause of pauses) {
      let answered: Promise<boolean> | undefined;
      using played = openPlayed({
        ask: async (asked) => {
          const { token } = asked as { token: string };
          answered = pause().then(() => played.engine.succeed(token, { by: 'kim' }));
        },
      });
      await played.begin();
      await played.play();
      expect(await answered).toBe(true);
      await played.play();
      expect(played.state()).toMatchObject({ status: 'SUCCEEDED', output: { by: 'kim' } });
    }
  });

  test('survives the end of the process', async () => {
    using first = openPlayed({});
    await first.begin();
    const { secret } = first.db.sql.prepare('select secret from tokens').get() as {
      secret: string;
    };
    expect(await first.engine.succeed(`run.${secret}`, { by: 'kim' })).toBe(true);
    first.db.close();

    const db = openDatabase(first.folder, 'process-end');
    const jobs = openJobs(db, () => {});
    const again = { ...first, db, jobs };
    const engine = openEngine({ db, jobs, now: first.now, definitions: {} });
    await playRuns(again, engine, { ask: async () => undefined })();
    expect(stateOf(db)).toMatchObject({ status: 'SUCCEEDED', output: { by: 'kim' } });
    db.close();
  });
});

test('a wait of a month and a sleep of years end when they should, and not before', async () => {
  using played = openPlayed({ ask: async () => undefined });
  const after = (seconds: number) => new Date(MORNING.getTime() + seconds * 1000);
  await played.begin();
  await played.play(after(2_591_999));
  expect(played.state().status).toBe('RUNNING');
  await played.play(after(2_592_000 + 94_607_999));
  expect(played.state().status).toBe('RUNNING');
  await played.play(after(2_592_000 + 94_608_000));
  expect(played.state()).toMatchObject({ status: 'SUCCEEDED', output: 'nobody answered' });
});

test('an answer after the time-out answers nothing', async () => {
  let token = '';
  using played = openPlayed({
    ask: async (asked) => {
      token = (asked as { token: string }).token;
    },
  });
  await played.begin();
  await played.play(new Date(MORNING.getTime() + 2_592_000_000));
  expect(await played.engine.succeed(token, {})).toBe(false);
});

test('a run that is over leaves no job, no token and one notice of its end', async () => {
  let token = '';
  using played = openPlayed({
    ask: async (asked) => {
      token = (asked as { token: string }).token;
    },
  });
  await played.begin();
  await played.play();
  await played.engine.succeed(token, {});
  expect(played.db.sql.prepare('select id, kind from jobs').all()).toEqual([
    { id: 'run/ended', kind: 'ended' },
  ]);
  expect(played.db.sql.prepare('select * from tokens').all()).toEqual([]);
});

test('a run goes on by the definition with which it started', async () => {
  let token = '';
  using played = openPlayed({
    ask: async (asked) => {
      token = (asked as { token: string }).token;
    },
  });
  await played.begin();
  await played.play();
  const { db, jobs, now } = played;
  const other = { StartAt: 'end', States: { end: { Type: 'Fail', Error: 'changed' } } };
  const engine = openEngine({ db, jobs, now, definitions: { waiting: other } });
  await engine.succeed(token, { by: 'kim' });
  expect(played.state()).toMatchObject({ status: 'SUCCEEDED' });
});

test('a function that nobody wrote fails its step by name, as the service does', async () => {
  using played = openPlayed({});
  await played.begin();
  await played.play();
  expect(played.state()).toMatchObject({
    status: 'FAILED',
    error: 'Lambda.ResourceNotFoundException',
  });
});

test('a run that was packed with the first words of all is read as long as it lies there', () => {
  const packed = Buffer.from('AKsmvtg2RCu3DUkpuM1rAQ==', 'base64');
  expect(JSON.parse(unpack(packed))).toEqual({
    status: 'RUNNING',
    input: { person: 'per_1', event: 'evt_1', workflow: 'inbound-lead' },
    lastEventId: 47,
  });
});
