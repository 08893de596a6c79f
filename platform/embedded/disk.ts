import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type Database from 'libsql';

/** Takes what SQLite committed to the disk, so that it survives a loss of power. */
export interface Disk {
  /** Calls back once everything committed so far is safe, or with the reason why it may not be. */
  sync(then: (failure?: unknown) => void): void;
  /** The same at once, and for the last time. */
  close(then: (failure?: unknown) => void): void;
}

/** A store that is thrown away need not outlive more than its process. */
export const NO_DISK: Disk = { sync: (then) => then(), close: (then) => then() };

/**
 * Syncs the journal of a store whose `synchronous` is `NORMAL`: SQLite then syncs only before it
 * moves what is in the journal into the main file (https://www.sqlite.org/wal.html#performance_considerations),
 * and waiting for the disk need not hold up the event loop.
 */
export function openDisk(sql: Database.Database, file: string): Disk {
  const journal = openSync(`${file}-wal`, 'r+');
  let syncing = false;
  let closed = false;
  /** After a sync that failed nobody knows what of the journal is on the disk, and no later sync tells. */
  let doubtful = false;

  /** Writes and syncs everything anew, in the main file. */
  const rewrite = (): unknown => {
    try {
      const { busy } = sql.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number };
      doubtful = busy !== 0;
      return doubtful ? new Error('somebody reads it for too long') : undefined;
    } catch (error) {
      return error;
    }
  };
  const outcome = (error: unknown): unknown => {
    if (error) doubtful = true;
    return doubtful ? rewrite() : undefined;
  };

  return {
    sync(then) {
      syncing = true;
      fdatasync(journal, (error) => {
        syncing = false;
        if (closed) closeSync(journal);
        else then(outcome(error));
      });
    },
    close(then) {
      closed = true;
      let failure: unknown;
      try {
        fdatasyncSync(journal);
      } catch (error) {
        failure = error;
      }
      then(outcome(failure));
      // A number that another thread still uses must not become that of another file.
      if (!syncing) closeSync(journal);
    },
  };
}
