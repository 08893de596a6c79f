import { join } from 'node:path';
import Database from 'libsql';
import { findAccount } from '#core/identity/find-account.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { embeddedRecords } from '#platform/embedded/embedded-records.ts';
import { openEngine } from '#platform/embedded/engine.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { MIGRATIONS, type Migration, migrate } from '#platform/embedded/migrations.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

/** A store as today's Baton leaves it, with something in it. */
async function filledStore() {
  const folder = temporaryFolder();
  const db = openDatabase(folder.path, 'process-end');
  const insert = db.sql.prepare('insert into machines (hash, definition) values (?, ?)');
  await db.write(() => insert.run('a', '{"StartAt":"wait"}'));
  db.close();
  const sql = new Database(join(folder.path, 'baton.db'));
  return {
    folder: folder.path,
    sql,
    machines: () => sql.prepare('select * from machines').all(),
    everything: () => ({
      tables: sql.prepare('select name, sql from sqlite_schema order by name').all(),
      machines: sql.prepare('select * from machines').all(),
      version: versionOf(sql),
    }),
    [Symbol.dispose]() {
      sql.close();
      folder[Symbol.dispose]();
    },
  };
}

const versionOf = (sql: Database.Database): number =>
  (sql.prepare('pragma user_version').all()[0] as { user_version: number }).user_version;

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

const ADDS_NOTES: Migration = {
  version: NEWEST + 1,
  up: (sql) => void sql.exec("alter table machines add column note text default ''"),
};
const WRITES_NOTES: Migration = {
  version: NEWEST + 2,
  up: (sql) => void sql.exec("update machines set note = 'of ' || hash"),
};
const BREAKS: Migration = {
  version: NEWEST + 3,
  up(sql) {
    sql.exec("delete from machines; insert into machines (hash, definition) values ('b', '{}')");
    sql.exec('alter table nowhere add column note text');
  },
};

test('a store of an older version goes through every step since', async () => {
  using store = await filledStore();
  migrate(store.sql, store.folder, [...MIGRATIONS, ADDS_NOTES, WRITES_NOTES]);
  expect(store.machines()).toMatchObject([
    { hash: 'a', definition: '{"StartAt":"wait"}', note: 'of a' },
  ]);
  expect(versionOf(store.sql)).toBe(NEWEST + 2);
});

test('a step that fails half-way leaves the store as it was', async () => {
  using store = await filledStore();
  const before = store.everything();
  const steps = [...MIGRATIONS, ADDS_NOTES, WRITES_NOTES, BREAKS];
  expect(() => migrate(store.sql, store.folder, steps)).toThrow(
    expect.objectContaining({
      name: 'HubError.config',
      code: 'store_not_migrated',
      message: expect.stringMatching(
        new RegExp(`has schema ${NEWEST} .* to ${NEWEST + 3} .*no such table: nowhere.*as it was`),
      ),
    }),
  );
  expect(store.everything()).toEqual(before);

  const again = openDatabase(store.folder, 'process-end');
  again.close();
});

test('a store that has every step is not touched', async () => {
  using store = await filledStore();
  const refusing: Migration[] = MIGRATIONS.map(({ version }) => ({
    version,
    up: () => {
      throw new Error('It was done before.');
    },
  }));
  migrate(store.sql, store.folder, refusing);
  expect(store.machines()).toHaveLength(1);
});

test('a store that was refused is nobody’s: the folder is free for the Baton that knows it', async () => {
  using store = await filledStore();
  store.sql.exec(`pragma user_version = ${NEWEST + 1}`);
  expect(() => openDatabase(store.folder)).toThrow(
    expect.objectContaining({ code: 'store_too_new' }),
  );
  store.sql.exec(`pragma user_version = ${NEWEST}`);
  openDatabase(store.folder, 'process-end').close();
});

test('the steps stand in order, each with the next version', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

const ASKS = {
  QueryLanguage: 'JSONata',
  StartAt: 'ask',
  States: {
    ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: {} },
      TimeoutSeconds: 3600,
      End: true,
    },
  },
};

/** A run that waits, as the first version kept it. */
const FIRST_VERSION = {
  state: {
    status: 'RUNNING',
    input: { person: 'p' },
    identity: { executionName: 'run-1', startTime: '2026-12-07T09:00:00.000Z' },
    lastEventId: 5,
    lastId: 2,
    frames: {
      run: {
        id: 'run',
        program: [],
        index: 0,
        previousEventId: 5,
        variables: {},
        visit: {
          state: 'ask',
          input: {},
          enteredAt: 0,
          enteredEventId: 2,
          beforeEventId: 0,
          retryCount: 0,
          attempts: [],
          token: 'run-1.secret',
          task: { id: 'task-1', submitted: true, lastBeatAt: 0 },
        },
      },
    },
    open: {
      'task-1': { purpose: 'task', frame: 'run' },
      'timer-2': { purpose: 'task-timeout', frame: 'run' },
    },
  },
  rows: [
    ['machines', ['hash', 'definition'], ['abc', JSON.stringify(ASKS)]],
    ['tokens', ['token', 'run', 'task'], ['run-1.secret', 'run-1', 'task-1']],
    [
      'jobs',
      ['id', 'kind', 'grp', 'due_at', 'payload'],
      ['run-1/timer-2', 'timer', 'run-1/timer-2', 3_600_000, '{"run":"run-1","id":"timer-2"}'],
    ],
    ['jobs', ['id', 'kind', 'grp', 'due_at', 'payload'], ['evt', 'envelope', 'inbox/a', 1, '{}']],
    ...[1, 2].map((id) => [
      'history',
      ['run', 'id', 'previous', 'type', 'at', 'details'],
      ['run-1', id, id - 1, 'TaskStateEntered', 0, '{"name":"ask"}'],
    ]),
  ] as [string, string[], (string | number)[]][],
};

/** A store of the first version in which a run waits for an answer until an hour is over. */
function waitingStore(folder: string): void {
  const sql = new Database(join(folder, 'baton.db'));
  migrate(sql, folder, MIGRATIONS.slice(0, 1));
  const insert = (table: string, columns: string[], values: (string | number)[]) =>
    sql
      .prepare(`insert into ${table} (${columns}) values (${columns.map(() => '?')})`)
      .run(...values);
  for (const [table, columns, values] of FIRST_VERSION.rows) insert(table, columns, values);
  const { state } = FIRST_VERSION;
  insert(
    'runs',
    ['name', 'workflow', 'machine', 'status', 'state', 'started_at'],
    ['run-1', 'asks', 'abc', 'RUNNING', JSON.stringify(state), 0],
  );
  sql.close();
}

test.each([
  ['its answer', true, 'SUCCEEDED'],
  ['its timer', false, 'FAILED'],
])('a run that the first version left waiting is ended by %s', async (_, answers, status) => {
  using folder = temporaryFolder();
  waitingStore(folder.path);
  const db = openDatabase(folder.path, 'process-end');
  const jobs = openJobs(db, () => {});
  const engine = openEngine({ db, jobs, now: () => new Date(3_600_000), definitions: {} });
  expect(jobs.count(0)).toEqual({ open: 2, due: 0 });
  if (answers) expect(await engine.succeed('run-1.secret', { by: 'kim' })).toBe(true);
  else {
    const envelope = jobs.take(3_600_000);
    const timer = jobs.take(3_600_000);
    expect([envelope, timer]).toMatchObject([{ group: 'inbox/a' }, { id: 'run-1/timer-2' }]);
    if (timer !== undefined && 'id' in timer) await engine.ring(timer);
  }
  expect(db.sql.prepare('select name, workflow, status from runs').all()).toEqual([
    { name: 'run-1', workflow: 'asks', status },
  ]);
  expect(jobs.has('run-1/timer-2')).toBe(false);
  const events = db.sql.prepare('select events from history order by seq').all() as {
    events: string;
  }[];
  const history = events.flatMap((row) => JSON.parse(row.events) as { id: number }[]);
  expect(history.slice(0, 2)).toEqual(
    [1, 2].map((id) => ({
      id,
      previousEventId: id - 1,
      type: 'TaskStateEntered',
      at: 0,
      details: { name: 'ask' },
    })),
  );
  expect(history.map(({ id }) => id).slice(2)).toEqual(history.slice(2).map((_, at) => at + 6));
  db.close();
});

test('accounts from before names were kept are found by them afterwards', async () => {
  using folder = temporaryFolder();
  const sql = new Database(join(folder.path, 'baton.db'));
  migrate(sql, folder.path, MIGRATIONS.slice(0, 4));
  const old = { id: 'acc_old', name: 'Rocket Pumps Ltd', country: 'GB' };
  sql
    .prepare('insert into items (pk, sk, type, version, data) values (?, ?, ?, ?, ?)')
    .run('ACCOUNT#acc_old', 'ACCOUNT', 'account', 1, JSON.stringify(old));
  sql.close();
  const db = openDatabase(folder.path, 'process-end');
  try {
    const sought = { name: 'ROCKET PUMPS', country: 'GB', domains: [], refs: [] };
    const { stored } = await findAccount(embeddedRecords(db), sought);
    expect(stored?.data).toEqual(old);
  } finally {
    db.close();
  }
});
