import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { HubError } from '#core/errors.ts';
import { NO_DISK, openDisk } from './disk.ts';
import { openGroup } from './group-commit.ts';
import { migrate } from './migrations.ts';

/** One SQLite file holds everything the hub knows; one process at a time works on it. */
export interface HubDatabase {
  readonly sql: Database.Database;
  /**
   * All writes of `work` or none of them, safe once it resolves. `work` is synchronous and short.
   * Whatever asks for it in one turn of the event loop, or while the disk is busy with what came
   * before, is committed together: a sync costs more than everything else, and one serves all.
   */
  write<T>(work: () => T): Promise<T>;
  /**
   * Within `work`: does something once it is committed, and never if it is undone. Elsewhere: at
   * once. What builds upon something committed is never safe before it.
   */
  afterCommit(then: () => void): void;
  close(): void;
}

/**
 * What a commit survives: a loss of power (each is synced to the disk), or the end of the process
 * alone, which is many times faster and enough for a store that is thrown away.
 */
export type Durability = 'power-loss' | 'process-end';

/** Opens the store in a folder, makes it if it is new, and refuses a folder that is in use. */
export function openDatabase(folder: string, durability: Durability = 'power-loss'): HubDatabase {
  // What the hub knows of people is for its owner's eyes.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = lockFolder(folder);
  const file = join(folder, 'baton.db');
  const sql = new Database(file);
  chmodSync(file, 0o600);
  sql.pragma('journal_mode = WAL');
  sql.pragma(`synchronous = ${durability === 'power-loss' ? 'NORMAL' : 'OFF'}`);
  try {
    migrate(sql, folder);
  } catch (error) {
    sql.close();
    release();
    throw error;
  }
  const group = openGroup(sql, durability === 'power-loss' ? openDisk(sql, file) : NO_DISK);
  return {
    sql,
    write: group.write,
    afterCommit: group.afterCommit,
    close: () => {
      group.close();
      sql.close();
      release();
    },
  };
}

/** A second process on one folder would send everything twice. */
function lockFolder(folder: string): () => void {
  const file = join(folder, 'baton.pid');
  if (existsSync(file)) {
    const holder = Number(readFileSync(file, 'utf8'));
    if (holder !== process.pid && isAlive(holder)) {
      throw new HubError(
        'config',
        'store_in_use',
        `Process ${holder} works on ${folder} already: stop it, or choose another folder with --data.`,
      );
    }
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  // A note that was cut off says 0 or nothing, which would stand for this very process and its group.
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be signalled, and lives.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
