import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { HubError } from '#core/errors.ts';

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  /** The schema of the store, which only this or a newer Baton opens. */
  readonly schema: number;
  readonly people: number;
}

/**
 * Copies the store of a hub, whether it runs or not, as it is at one moment. The file is there
 * once it is whole, was checked and lies on the disk; until then there is none.
 */
export function backUp(folder: string, file: string, options: { force: boolean }): Backup {
  const store = join(folder, 'baton.db');
  if (!existsSync(store)) {
    throw new HubError(
      'config',
      'store_missing',
      `There is no store in ${folder}: name the hub's folder with --data.`,
    );
  }
  if (existsSync(file) && !options.force) {
    throw new HubError(
      'config',
      'backup_exists',
      `There is a file ${file} already: give another name, or --force to replace it.`,
    );
  }
  const part = `${file}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    discard(part);
    // What the hub knows of people is for its owner's eyes, while it is written, too.
    closeSync(openSync(part, 'wx', 0o600));
    copy(store, part);
    const checked = check(part);
    sync(part);
    renameSync(part, file);
    sync(dirname(file));
    return { file, bytes: statSync(file).size, ...checked };
  } catch (cause) {
    discard(part);
    throw new HubError(
      'config',
      'backup_failed',
      `The store could not be copied to ${file} (${cause instanceof Error ? cause.message : cause}). Nothing of the copy was left.`,
      { cause },
    );
  }
}

/** Reads one moment of the store, while the hub writes the next. https://www.sqlite.org/lang_vacuum.html#vacuuminto */
function copy(store: string, file: string): void {
  const sql = new Database(store);
  try {
    sql.pragma('busy_timeout = 10000');
    sql.prepare('vacuum into ?').run(file);
  } finally {
    sql.close();
  }
}

function check(file: string): Pick<Backup, 'schema' | 'people'> {
  const sql = new Database(file);
  try {
    const found = first(sql, 'pragma integrity_check');
    if (found !== 'ok') throw new Error(`the copy is damaged: ${found}`);
    const people = first(sql, "select count(*) from items where type = 'person'");
    return { schema: Number(first(sql, 'pragma user_version')), people: Number(people) };
  } finally {
    sql.close();
  }
}

const first = (sql: Database.Database, query: string): unknown =>
  Object.values(sql.prepare(query).get() as object)[0];

function discard(part: string): void {
  if (existsSync(part)) rmSync(part);
}

/** So that it is still there after a loss of power. */
function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
