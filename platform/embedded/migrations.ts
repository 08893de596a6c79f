import type Database from 'libsql';
import { HubError } from '#core/errors.ts';
import { accountKeyItems } from '#core/identity/find-account.ts';
import { Account } from '#core/records/account.ts';
import { keyText } from './key-text.ts';

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

/**
 * Rows of a run are small, because thousands of them wait: it and its definition are known by
 * numbers, a task or timer is a group of its own without saying so, a token does not repeat its
 * run, and the events of one step are one row.
 */
const SMALL_RUNS = `
create table new_machines (
  number integer primary key, hash text not null unique, definition text not null
);
insert into new_machines (hash, definition) select hash, definition from machines order by hash;

create table new_runs (
  number integer primary key, name text not null unique, workflow text not null,
  machine integer not null, status text not null, state text not null,
  started_at integer not null, ended_at integer
);
insert into new_runs (name, workflow, machine, status, state, started_at, ended_at)
  select name, workflow, number, status, state, started_at, ended_at
  from runs join new_machines on hash = machine order by started_at, name;

create table new_history (seq integer primary key, run integer not null, events text not null);
insert into new_history (run, events)
  select number, json_group_array(json_object(
    'id', id, 'previousEventId', previous, 'type', type, 'at', at, 'details', json(details)
  )) from (select * from history join new_runs on name = run order by number, id) group by number;
create index history_of_run on new_history (run);

create table new_tokens (
  run text not null, task text not null, secret text not null, outcome text, primary key (run, task)
) without rowid;
insert into new_tokens (run, task, secret, outcome)
  select run, task, substr(token, length(run) + 2), outcome from tokens;

create table new_jobs (
  seq integer primary key autoincrement, id text not null unique, kind text not null, grp text,
  due_at integer not null, payload text not null,
  tries integer not null default 0, copies integer not null default 0, done_at integer
);
insert into new_jobs
  select seq, id, kind, nullif(grp, id), due_at, iif(kind = 'timer', 'null', payload), tries,
    copies, done_at from jobs order by seq;

drop table machines; alter table new_machines rename to machines;
drop table runs; alter table new_runs rename to runs;
drop table history; alter table new_history rename to history;
drop table tokens; alter table new_tokens rename to tokens;
drop table jobs; alter table new_jobs rename to jobs;
create index jobs_open on jobs (seq) where done_at is null;
`;

/** A definition is known by the version of the playbook it was compiled from; older ones by none. */
const VERSIONED = 'alter table machines add column playbook text;';

/** Whoever is in nurture has a timer; those from before are given one. */
const TIMED_NURTURE = `
insert into jobs (id, kind, grp, due_at, payload)
  select 'come-up/' || json_extract(data, '$.id') || '/' || json_extract(data, '$.nextAction.at'),
    'come-up', null,
    cast(round((julianday(json_extract(data, '$.nextAction.at')) - 2440587.5) * 86400000) as integer),
    json_object('personId', json_extract(data, '$.id'))
  from items where type = 'person' and gsi1pk like 'OWNER#track#%' order by gsi1sk
  on conflict (id) do nothing;
`;

/** Accounts from before names were kept for looking up get the items by which they are found. */
function keepNamesOfAccounts(sql: Database.Database): void {
  const insert = sql.prepare(
    "insert or replace into items (pk, sk, type, version, data) values (?, ?, 'account-key', 1, ?)",
  );
  const accounts = sql.prepare("select data from items where type = 'account'").all();
  for (const { data } of accounts as { data: string }[])
    for (const key of accountKeyItems(Account.parse(JSON.parse(data))))
      insert.run(keyText(key.pk), keyText(key.sk), JSON.stringify(key.data));
}

/** What became of the store over time, oldest first; whoever changes its shape adds a line. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, up: (sql) => void sql.exec(BASE) },
  { version: 2, up: (sql) => void sql.exec(SMALL_RUNS) },
  { version: 3, up: (sql) => void sql.exec(VERSIONED) },
  { version: 4, up: (sql) => void sql.exec(TIMED_NURTURE) },
  { version: 5, up: keepNamesOfAccounts },
];

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
