import TinyQueue from 'tinyqueue';
import type { HubDatabase } from './database.ts';

/**
 * Everything that is to be done, now or later, is a job in one table: an envelope to take in, news
 * to dispatch, a task to carry out, a timer to ring, a run's end to settle. A job is done at least
 * once; jobs of one group are done one after the other, in the order in which they came.
 */
export type JobKind = 'envelope' | 'news' | 'task' | 'timer' | 'ended';

export interface NewJob {
  /** The same id again is the same job. */
  readonly id: string;
  readonly kind: JobKind;
  readonly group: string;
  readonly dueAt: number;
  readonly payload: unknown;
}

export interface Job extends NewJob {
  readonly seq: number;
  readonly tries: number;
}

/** Where a job stands in the schedule; what it is about stays in the file until it is done. */
interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly group: string;
  dueAt: number;
}

export interface Jobs {
  /** Adds jobs in the caller's transaction; answers how many were there already. */
  add(jobs: readonly NewJob[]): number;
  /** The next job that is due at or before `now`, or the time at which there will be one. */
  take(now: number): Job | { readonly nextAt: number } | undefined;
  /** When the next job is due; `undefined` when nothing waits. */
  nextAt(): number | undefined;
  /** Forgets a job that is done; `keep` remembers its id, so that it is never done again. */
  finish(job: Job, keep?: boolean): void;
  /** Puts a job off; the jobs of its group wait behind it. */
  putOff(job: Job, until: number): void;
  /** The same in memory alone, while nothing can be written: the job is not lost until the process ends. */
  hold(job: Job, until: number): void;
  /** Forgets a job that nobody wants any more, if it is still there. */
  cancel(id: string): void;
  has(id: string): boolean;
  /** How many jobs are waiting, and how many of them are due. */
  count(now: number): { open: number; due: number };
}

/** Loads the schedule from the file. */
export function openJobs(db: HubDatabase, onAdded: () => void): Jobs {
  const sql = {
    insert: db.sql.prepare(
      'insert into jobs (id, kind, grp, due_at, payload) values (?, ?, ?, ?, ?) on conflict (id) do nothing',
    ),
    repeat: db.sql.prepare('update jobs set copies = copies + 1 where id = ?'),
    read: db.sql.prepare('select * from jobs where seq = ?'),
    remove: db.sql.prepare('delete from jobs where seq = ?'),
    keep: db.sql.prepare("update jobs set done_at = due_at, payload = 'null' where seq = ?"),
    putOff: db.sql.prepare('update jobs set due_at = ?, tries = tries + 1 where seq = ?'),
    find: db.sql.prepare('select seq from jobs where id = ? and done_at is null'),
  };
  const groups = new Map<string, Entry[]>();
  const byDue = (left: Entry, right: Entry) => left.dueAt - right.dueAt || left.seq - right.seq;
  const heads = new TinyQueue<Entry>([], byDue);
  const live = new Map<number, Entry>();

  const enter = (entry: Entry): void => {
    live.set(entry.seq, entry);
    const group = groups.get(entry.group);
    if (group === undefined) {
      groups.set(entry.group, [entry]);
      heads.push(entry);
    } else group.push(entry);
  };
  const leave = (entry: Entry): void => {
    live.delete(entry.seq);
    const group = groups.get(entry.group) ?? [];
    const wasHead = group[0] === entry;
    group.splice(group.indexOf(entry), 1);
    if (group.length === 0) groups.delete(entry.group);
    else if (wasHead && group[0] !== undefined) heads.push(group[0]);
  };

  const forget = (seq: number): void => {
    const entry = live.get(seq);
    if (entry !== undefined) leave(entry);
  };

  const hold = (seq: number, until: number): void => {
    const entry = live.get(seq);
    if (entry === undefined) return;
    entry.dueAt = until;
    heads.push(entry);
    onAdded();
  };

  for (const row of db.sql
    .prepare('select seq, id, grp, due_at from jobs where done_at is null order by seq')
    .all()) {
    const {
      seq,
      id,
      grp,
      due_at: dueAt,
    } = row as { seq: number; id: string; grp: string; due_at: number };
    enter({ seq, id, group: grp, dueAt });
  }

  return {
    add(jobs) {
      let repeats = 0;
      for (const { id, kind, group, dueAt, payload } of jobs) {
        const { changes, lastInsertRowid } = sql.insert.run(
          id,
          kind,
          group,
          dueAt,
          JSON.stringify(payload),
        );
        if (changes === 0) {
          sql.repeat.run(id);
          repeats += 1;
        } else {
          const entry = { seq: Number(lastInsertRowid), id, group, dueAt };
          db.afterCommit(() => enter(entry));
        }
      }
      db.afterCommit(onAdded);
      return repeats;
    },
    take(now) {
      for (;;) {
        const head = heads.peek();
        if (head === undefined) return undefined;
        if (live.get(head.seq) !== head) heads.pop();
        else if (head.dueAt > now) return { nextAt: head.dueAt };
        else {
          heads.pop();
          return jobOf(sql.read.get(head.seq) as JobRow);
        }
      }
    },
    nextAt: () => {
      while (heads.length > 0 && live.get(heads.peek()?.seq ?? -1) !== heads.peek()) heads.pop();
      return heads.peek()?.dueAt;
    },
    finish(job, keep = false) {
      if (keep) sql.keep.run(job.seq);
      else sql.remove.run(job.seq);
      db.afterCommit(() => forget(job.seq));
    },
    putOff(job, until) {
      sql.putOff.run(until, job.seq);
      db.afterCommit(() => hold(job.seq, until));
    },
    hold: ({ seq }, until) => hold(seq, until),
    cancel(id) {
      const row = sql.find.get(id) as { seq: number } | undefined;
      if (row === undefined) return;
      sql.remove.run(row.seq);
      db.afterCommit(() => forget(row.seq));
    },
    has: (id) => sql.find.get(id) !== undefined,
    count: (now) => {
      let due = 0;
      for (const entry of live.values()) if (entry.dueAt <= now) due += 1;
      return { open: live.size, due };
    },
  };
}

interface JobRow {
  seq: number;
  id: string;
  kind: JobKind;
  grp: string;
  due_at: number;
  payload: string;
  tries: number;
}

const jobOf = (row: JobRow): Job => ({
  seq: row.seq,
  id: row.id,
  kind: row.kind,
  group: row.grp,
  dueAt: row.due_at,
  payload: JSON.parse(row.payload) as unknown,
  tries: row.tries,
});
