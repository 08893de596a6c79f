import { join } from 'node:path';
import Database from 'libsql';

/** A bare table whose rows of one turn of the event loop are committed together. */
export interface GroupCommit {
  /** Resolves when the row survives a loss of power. */
  insert(id: string, text: string): Promise<void>;
}

/** Opens the table with the settings of the hub's own store: WAL, synced at each commit. */
export function openGroupCommit(folder: string): GroupCommit {
  const sql = new Database(join(folder, 'bare.db'));
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  sql.exec('create table if not exists rows (id text primary key, text text not null)');
  const insert = sql.prepare('insert into rows (id, text) values (?, ?) on conflict do nothing');
  let waiting: { id: string; text: string; done: () => void }[] = [];
  const commit = (): void => {
    const group = waiting;
    waiting = [];
    sql.exec('begin immediate');
    for (const { id, text } of group) insert.run(id, text);
    sql.exec('commit');
    for (const { done } of group) done();
  };
  return {
    insert: (id, text) =>
      new Promise((done) => {
        if (waiting.length === 0) setImmediate(commit);
        waiting.push({ id, text, done });
      }),
  };
}
