import type Database from 'libsql';
import { HubError } from '#core/errors.ts';

interface Asked {
  /** Does the writes; answers how to tell whoever asked, once they are safe. */
  readonly carryOut: () => () => void;
  readonly refuse: (error: unknown) => void;
}

export interface Group {
  write<T>(work: () => T): Promise<T>;
  /** Within `work`: does something once it is safe, and never if it is undone. Elsewhere: at once. */
  afterCommit(then: () => void): void;
  /** Commits what was asked for so far, and refuses everything after it. */
  close(): void;
}

/** Commits together what is asked for in one turn of the event loop, each piece whole or not at all. */
export function openGroup(sql: Database.Database): Group {
  let asked: Asked[] = [];
  let hooks: (() => void)[] = [];
  let closed = false;

  /** One piece of the group: what fails is undone alone. */
  const piece = (one: Asked): (() => void) => {
    const before = hooks.length;
    sql.exec('savepoint piece');
    try {
      const tell = one.carryOut();
      sql.exec('release piece');
      return tell;
    } catch (error) {
      // A disk that is full ends the whole transaction, and the savepoint with it.
      if (!sql.inTransaction || isOfDisk(error)) throw error;
      sql.exec('rollback to piece; release piece');
      hooks.length = before;
      return () => one.refuse(error);
    }
  };

  const flush = (): void => {
    const group = asked;
    asked = [];
    hooks = [];
    let tell: (() => void)[];
    try {
      sql.exec('begin immediate');
      tell = group.map(piece);
      sql.exec('commit');
    } catch (cause) {
      if (sql.inTransaction) sql.exec('rollback');
      for (const { refuse } of group) refuse(unwritable(cause));
      return;
    }
    for (const then of hooks) then();
    for (const one of tell) one();
  };

  const flushAsked = (): void => {
    if (asked.length > 0) flush();
  };

  return {
    write: (work) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unwritable(new Error('it is closed')));
        const carryOut = () => {
          const result = work();
          return () => resolve(result);
        };
        asked.push({ carryOut, refuse: reject });
        if (asked.length === 1) setImmediate(flushAsked);
        return undefined;
      }),
    // The binding ends the whole process when it is asked for anything after the store is closed.
    close: () => {
      flushAsked();
      closed = true;
    },
    afterCommit: (then) => {
      if (sql.inTransaction) hooks.push(then);
      else then();
    },
  };
}

/** https://www.sqlite.org/rescode.html: what no other piece of the group would fare better with. */
const OF_DISK = /^SQLITE_(?:FULL|IOERR|READONLY|NOMEM|BUSY|CANTOPEN)/;

const isOfDisk = (error: unknown): boolean =>
  error instanceof Error && OF_DISK.test(String((error as { code?: unknown }).code));

/** The disk is full, or gone: nothing of the group was written, and all of it may be asked for again. */
function unwritable(cause: unknown): HubError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HubError(
    'retry',
    'store_unwritable',
    `The store can't be written (${why}): make room on its disk.`,
    { cause },
  );
}
