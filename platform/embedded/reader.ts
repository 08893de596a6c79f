import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { HubError } from '#core/errors.ts';
import type { Item, Records } from '#core/ports/records.ts';
import type { RunState } from '#workflows/interpreter/index.ts';
import { timeIn } from './clock-anchor.ts';
import { embeddedRecords } from './embedded-records.ts';
import { unpack } from './run-text.ts';

/** What a hub keeps, for looking at: beside a hub that works on it, or without one. */
export interface StoreReader {
  /** Its `write` is refused by the file. */
  readonly records: Records;
  /** What time it is for its hub. */
  now(): Date;
  /** All items of a type, in the order of their keys. */
  items(type: string): Item[];
  /** Items of some types in the order of their keys, a few of them in memory at a time. */
  eachItem(types: readonly string[]): Iterable<Item>;
  runs: RunReader;
  hasOpenJob(id: string): boolean;
  /** Whether any work is not done whose id begins so. */
  hasOpenJobUnder(prefix: string): boolean;
  /** Whether any work of a kind is not done. */
  hasOpenJobs(kind: string): boolean;
  /** Lets `look` see the store as it is at one moment, whatever a hub writes meanwhile. */
  atOneMoment<T>(look: () => T): T;
  close(): void;
}

interface RunReader {
  count(): number;
  /** `undefined` for a run that was never started. */
  status(name: string): string | undefined;
  /** Running, but neither a task nor a timer nor an answer to a token will take them on. */
  stuck(): Iterable<string>;
  /** Where each run under way stands. */
  standing(): Iterable<StandingRun>;
  /** Running and waiting for an answer, with neither a timer that ends the wait nor a task that opens it. */
  untimed(): Iterable<string>;
}

/** Where a run under way stands. */
export interface StandingRun {
  readonly workflow: string;
  /** The version of the playbook by which it goes, if that is known. */
  readonly playbook: string | undefined;
  /** The id of the step it is in. */
  readonly step: string | undefined;
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
  const job = sql.prepare('select 1 from jobs where id = ? and done_at is null');
  const jobs = sql.prepare('select 1 from jobs where kind = ? and done_at is null limit 1');
  const under = sql.prepare(
    "select 1 from jobs where id >= ?1 and id < ?1 || '~' and done_at is null limit 1",
  );
  const db = {
    sql,
    write: async <T>(work: () => T) => work(),
    afterCommit: (then: () => void) => then(),
    close: () => sql.close(),
  };
  return {
    now: timeIn(folder),
    records: embeddedRecords(db),
    items: (type) => (items.all(type) as ItemRow[]).map(itemOf),
    *eachItem(types) {
      const wanted = sql.prepare(
        `select * from items where type in (${types.map(() => '?').join(', ')}) order by pk, sk`,
      );
      for (const row of wanted.iterate(...types)) yield itemOf(row as ItemRow);
    },
    runs: readRuns(sql),
    hasOpenJob: (id) => job.get(id) !== undefined,
    hasOpenJobUnder: (prefix) => under.get(prefix) !== undefined,
    hasOpenJobs: (kind) => jobs.get(kind) !== undefined,
    atOneMoment(look) {
      sql.exec('begin');
      try {
        return look();
      } finally {
        sql.exec('rollback');
      }
    },
    close: db.close,
  };
}

function readRuns(sql: Database.Database): RunReader {
  const count = sql.prepare('select count(*) as runs from runs');
  const status = sql.prepare('select status from runs where name = ?');
  // Such a job is named after its run, a slash, and the number of what the run waits for.
  const worked =
    "select rtrim(rtrim(id, replace(id, '/', '')), '/') from jobs where done_at is null and kind in ('task', 'timer')";
  const running = "select name from runs where status = 'RUNNING'";
  const stuck = sql.prepare(
    `${running} and name not in (select run from tokens union ${worked}) order by name`,
  );
  const untimed = sql.prepare(
    `${running} and name in (select run from tokens) and name not in (${worked}) order by name`,
  );
  const underWay = sql.prepare(
    "select workflow, playbook, state from runs join machines on machines.number = machine where status = 'RUNNING'",
  );
  const names = function* (statement: Database.Statement): Generator<string> {
    for (const row of statement.iterate()) yield (row as { name: string }).name;
  };
  return {
    count: () => (count.get() as { runs: number }).runs,
    status: (name) => (status.get(name) as { status: string } | undefined)?.status,
    stuck: () => names(stuck),
    untimed: () => names(untimed),
    *standing() {
      for (const row of underWay.iterate()) yield standingOf(row as StandingRow);
    },
  };
}

interface StandingRow {
  readonly workflow: string;
  readonly playbook: string | null;
  readonly state: string | Buffer;
}

/** A step may be several states, which are called after it: `accept: wait`. */
function standingOf({ workflow, playbook, state }: StandingRow): StandingRun {
  const { frames } = JSON.parse(unpack(state)) as Pick<RunState, 'frames'>;
  const [step] = Object.values(frames).flatMap(({ visit }) => visit?.state.split(':', 1) ?? []);
  return { workflow, playbook: playbook ?? undefined, step };
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
