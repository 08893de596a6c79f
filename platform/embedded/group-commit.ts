import type Database from 'libsql';
import { HubError } from '#core/errors.ts';
import type { Disk } from './disk.ts';

interface Asked {
  /** Does the writes; answers how to tell whoever asked, once they are safe. */
  readonly carryOut: () => () => void;
  readonly refuse: (error: unknown) => void;
}

/** A piece that was carried out, or undone alone. */
interface Settled {
  readonly tell: () => void;
  readonly refuse: (error: unknown) => void;
}

export interface Group {
  write<T>(work: () => T): Promise<T>;
  /**
   * Within `work`: does something once it is committed, and never if it is undone. Elsewhere: at
   * once. What is committed may not be safe yet, but nothing that builds upon it is safe before it.
   */
  afterCommit(then: () => void): void;
  /** Commits what was asked for so far, and refuses everything after it. */
  close(): void;
}

/**
 * Commits together what is asked for in one turn of the event loop, or while the commit before is
 * on its way to the disk; each piece is done whole or not at all.
 */
export function openGroup(sql: Database.Database, disk: Disk): Group {
  let asked: Asked[] = [];
  let hooks: (() => void)[] = [];
  /** Committed, and on its way to the disk. */
  let unsafe: readonly Settled[] = [];
  let closed = false;

  /** One piece of the group: what fails is undone alone. */
  const piece = ({ carryOut, refuse }: Asked): Settled => {
    const before = hooks.length;
    sql.exec('savepoint piece');
    try {
      const tell = carryOut();
      sql.exec('release piece');
      return { tell, refuse };
    } catch (error) {
      // A disk that is full ends the whole transaction, and the savepoint with it.
      if (!sql.inTransaction || isOfDisk(error)) throw error;
      sql.exec('rollback to piece; release piece');
      hooks.length = before;
      return { tell: () => refuse(error), refuse };
    }
  };

  /** Answers what is committed now and not yet safe. */
  const commit = (): readonly Settled[] => {
    const group = asked;
    asked = [];
    hooks = [];
    let settled: readonly Settled[];
    try {
      sql.exec('begin immediate');
      settled = group.map(piece);
      sql.exec('commit');
    } catch (cause) {
      if (sql.inTransaction) sql.exec('rollback');
      for (const { refuse } of group) refuse(unwritable(cause));
      return [];
    }
    for (const then of hooks) then();
    return settled;
  };

  const flush = (): void => {
    if (unsafe.length > 0 || asked.length === 0) return;
    unsafe = commit();
    if (unsafe.length > 0) disk.sync(settle);
  };

  const settle = (failure?: unknown): void => {
    const settled = unsafe;
    unsafe = [];
    for (const { tell, refuse } of settled) {
      if (failure === undefined) tell();
      else refuse(unwritable(failure));
    }
    flush();
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
        if (asked.length === 1) setImmediate(flush);
        return undefined;
      }),
    // The binding ends the whole process when it is asked for anything after the store is closed.
    close: () => {
      closed = true;
      const last = asked.length > 0 ? commit() : [];
      unsafe = [...unsafe, ...last];
      disk.close(settle);
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

/** The disk is full, or gone: nothing of the group is safe, and all of it may be asked for again. */
function unwritable(cause: unknown): HubError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new HubError(
    'retry',
    'store_unwritable',
    `The store can't be written (${why}): make room on its disk.`,
    { cause },
  );
}
