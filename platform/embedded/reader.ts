import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { HubError } from '#core/errors.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { embeddedRecords } from './embedded-records.ts';

/** What a hub keeps, for looking at: beside a hub that works on it, or without one. */
export interface StoreReader {
  /** Its `write` is refused by the file. */
  readonly records: Records;
  /** All items of a type, in the order of their keys. */
  items(type: string): Item[];
  runs(): RunRow[];
  /** The runs that will go on: by a task, by a timer or by an answer to a token. */
  wakeable(): ReadonlySet<string>;
  /** Work of a kind that is not done, by its id. */
  openJobs(kind: string): string[];
  close(): void;
}

interface RunRow {
  readonly name: string;
  readonly workflow: string;
  readonly status: string;
}

interface ItemRow {
  pk: string;
  sk: string;
  gsi1pk: string | null;
  gsi1sk: string | null;
  type: string;
  version: number;
  data: string;
}

/** Opens the store in a folder to read from it; whoever writes there is not disturbed. */
export function openReader(folder: string): StoreReader {
  const file = join(folder, 'baton.db');
  // SQLite would make a file that is not there.
  if (!existsSync(file)) throw noStore(folder);
  const sql = new Database(file);
  sql.pragma('query_only = 1');
  const items = sql.prepare('select * from items where type = ? order by pk, sk');
  const runs = sql.prepare('select name, workflow, status from runs order by name');
  const jobs = sql.prepare('select id from jobs where kind = ? and done_at is null order by seq');
  const wakeable = sql.prepare(
    "select run from tokens union select json_extract(payload, '$.run') from jobs where done_at is null and kind in ('task', 'timer')",
  );
  const db = {
    sql,
    write: async <T>(work: () => T) => work(),
    afterCommit: (then: () => void) => then(),
    close: () => sql.close(),
  };
  return {
    records: embeddedRecords(db),
    items: (type) => (items.all(type) as ItemRow[]).map(itemOf),
    runs: () => runs.all() as RunRow[],
    wakeable: () => new Set((wakeable.all() as { run: string }[]).map(({ run }) => run)),
    openJobs: (kind) => (jobs.all(kind) as { id: string }[]).map(({ id }) => id),
    close: db.close,
  };
}

/** The process that works on a folder now, if one does. */
export function holderOf(folder: string): number | undefined {
  const file = join(folder, 'baton.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

function noStore(folder: string): HubError {
  return new HubError(
    'config',
    'store_missing',
    `There is no store in ${folder}. Name the hub's folder with --data, or start a hub: 'baton up'.`,
  );
}

function itemOf({ pk, sk, type, version, data, gsi1pk, gsi1sk }: ItemRow): Item {
  return {
    pk,
    sk,
    type,
    version,
    data: JSON.parse(data) as unknown,
    ...(gsi1pk === null ? {} : { gsi1pk }),
    ...(gsi1sk === null ? {} : { gsi1sk }),
  };
}
