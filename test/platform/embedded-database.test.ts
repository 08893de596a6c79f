import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { openDatabase } from '#platform/embedded/database.ts';
import { NO_DISK } from '#platform/embedded/disk.ts';
import { openGroup } from '#platform/embedded/group-commit.ts';
import { temporaryFolder } from '#test/support/temporary-folder.ts';

const OPEN = `
import { openDatabase } from '#platform/embedded/database.ts';
try {
  openDatabase(process.argv[1], 'process-end');
  console.log('opened');
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(error.code + ': ' + error.message);
}
`;

/** Another process that opens the store of a folder; answers its first word. */
async function otherProcess(folder: string) {
  const args = ['--import', 'tsx', '--input-type=module', '-e', OPEN, folder];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    said: said.toString().trim(),
    pid: child.pid,
    async kill() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('a second process on a folder is refused, with the one that works there', async () => {
  using folder = temporaryFolder();
  const db = openDatabase(folder.path, 'process-end');
  const other = await otherProcess(folder.path);
  db.close();
  expect(other.said).toBe(
    `store_in_use: Process ${process.pid} works on ${folder.path} already: stop it, or choose another folder with --data.`,
  );
});

test('a folder whose process was killed is free, and one that is worked on is not', async () => {
  using folder = temporaryFolder();
  const other = await otherProcess(folder.path);
  expect(other.said).toBe('opened');
  expect(() => openDatabase(folder.path)).toThrow(
    expect.objectContaining({ name: 'HubError.config', code: 'store_in_use' }),
  );
  await other.kill();
  const db = openDatabase(folder.path, 'process-end');
  db.close();
  expect(existsSync(join(folder.path, 'baton.pid'))).toBe(false);
});

test.each(['', '\n', 'nonsense', '0', '-1'])(
  'a note of who works there that says nobody (%j) locks nobody out',
  (text) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'baton.pid'), text);
    openDatabase(folder.path, 'process-end').close();
  },
);

test('a store of a newer Baton is left alone', () => {
  using folder = temporaryFolder();
  const db = openDatabase(folder.path, 'process-end');
  db.sql.exec('pragma user_version = 99');
  db.close();
  expect(() => openDatabase(folder.path)).toThrow(
    expect.objectContaining({ name: 'HubError.config', code: 'store_too_new' }),
  );
});

test('what was asked for before the store is closed is written, and nothing after it', async () => {
  using folder = temporaryFolder();
  const db = openDatabase(folder.path, 'process-end');
  const insert = db.sql.prepare('insert into machines (hash, definition) values (?, ?)');
  const asked = db.write(() => insert.run('asked', '{}'));
  db.close();
  await asked;
  await expect(db.write(() => insert.run('late', '{}'))).rejects.toMatchObject({
    name: 'HubError.retry',
    code: 'store_unwritable',
  });

  const again = openDatabase(folder.path, 'process-end');
  const rows = again.sql.prepare('select hash from machines').all();
  again.close();
  expect(rows).toEqual([{ hash: 'asked' }]);
});

test('what was acknowledged is there when the store is opened again, and can be added to', async () => {
  using folder = temporaryFolder();
  for (const hash of ['first', 'second']) {
    const db = openDatabase(folder.path);
    const insert = db.sql.prepare('insert into machines (hash, definition) values (?, ?)');
    await Promise.all([
      db.write(() => insert.run(hash, '{}')),
      db.write(() => insert.run(`${hash}, too`, '{}')),
    ]);
    const underWay = db.write(() => insert.run(`${hash}, at the end`, '{}'));
    await new Promise(setImmediate);
    db.close();
    await underWay;
  }
  const again = openDatabase(folder.path);
  const rows = again.sql.prepare('select hash from machines order by hash').all();
  again.close();
  expect(rows).toHaveLength(6);
});

test('what the disk did not take is refused, though the next to ask may succeed', async () => {
  const sql = new Database(':memory:');
  sql.exec('create table notes (text text)');
  const insert = sql.prepare('insert into notes values (?)');
  const failures: unknown[] = [new Error('the disk is gone'), undefined];
  const group = openGroup(sql, { ...NO_DISK, sync: (then) => then(failures.shift()) });
  const committed: string[] = [];
  const note = (text: string) =>
    group.write(() => {
      insert.run(text);
      group.afterCommit(() => committed.push(text));
    });
  await expect(note('one')).rejects.toMatchObject({ code: 'store_unwritable' });
  await note('two');
  expect(committed).toEqual(['one', 'two']);
  group.close();
});
