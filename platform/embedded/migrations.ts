import type Database from 'libsql';
import { HubError } from '#core/errors.ts';

/** Takes a store from the version before to its own. Once released it is never changed. */
export interface Migration {
  readonly version: number;
  readonly up: (sql: Database.Database) => void;
}

const BASE = `
create table items (
  pk text not null, sk text not null, gsi1pk text, gsi1sk text,
  type text not null, version integer not null, data text not null, expires_at integer,
  primary key (pk, sk)
) without rowid;
create index items_gsi1 on items (gsi1pk, gsi1sk, pk, sk) where gsi1pk is not null;
create table jobs (
  seq integer primary key autoincrement, id text not null unique, kind text not null,
  grp text not null, due_at integer not null, payload text not null,
  tries integer not null default 0, copies integer not null default 0, done_at integer
);
create index jobs_open on jobs (seq) where done_at is null;
create table machines (hash text primary key, definition text not null) without rowid;
create table runs (
  name text primary key, workflow text not null, machine text not null, status text not null,
  state text not null, started_at integer not null, ended_at integer
) without rowid;
create table tokens (token text primary key, run text not null, task text not null, outcome text) without rowid;
create table history (
  run text not null, id integer not null, previous integer not null, type text not null,
  at integer not null, details text not null, primary key (run, id)
) without rowid;
`;

/** What became of the store over time, oldest first; whoever changes its shape adds a line. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, up: (sql) => void sql.exec(BASE) }];

/**
 * Brings a store to the newest version, in one transaction: one that can't be brought there stays
 * as it was, and one from the future is refused.
 */
export function migrate(
  sql: Database.Database,
  folder: string,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const { user_version: found } = sql.prepare('pragma user_version').get() as {
    user_version: number;
  };
  const newest = migrations.at(-1)?.version ?? 0;
  if (found > newest) {
    throw new HubError(
      'config',
      'store_too_new',
      `The store in ${folder} was written by a newer Baton (schema ${found}, this one knows ${newest}): update Baton.`,
    );
  }
  const missing = migrations.filter(({ version }) => version > found);
  if (missing.length === 0) return;
  sql.exec('begin immediate');
  try {
    for (const { up } of missing) up(sql);
    sql.exec(`pragma user_version = ${newest}`);
    sql.exec('commit');
  } catch (cause) {
    if (sql.inTransaction) sql.exec('rollback');
    throw new HubError(
      'config',
      'store_not_migrated',
      `The store in ${folder} has schema ${found} and can't be brought to ${newest} (${cause instanceof Error ? cause.message : cause}). It is as it was: go on with the Baton that wrote it, and report this.`,
      { cause },
    );
  }
}
