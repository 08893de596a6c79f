import { join } from 'node:path';
import Database from 'libsql';
import { openDatabase } from '#platform/embedded/database.ts';
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
  expect(store.machines()).toEqual([{ hash: 'a', definition: '{"StartAt":"wait"}', note: 'of a' }]);
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
      message: expect.stringMatching(/has schema 1 .* to 4 \(.*no such table: nowhere.*as it was/),
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
