import { virtualClock } from '#platform/embedded/clock.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { embeddedRecords } from '#platform/embedded/embedded-records.ts';
import { openItemCache } from '#platform/embedded/item-cache.ts';
import { openJobs } from '#platform/embedded/jobs.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A Monday in December on which everybody of the shipped playbook works. */
export const MORNING = new Date('2026-12-07T09:00:00.000Z');

/** An empty store in a folder of its own, with a clock that jumps. */
export function openStore() {
  const folder = temporaryFolder();
  const clock = virtualClock(MORNING);
  const now = () => clock.now();
  const db = openDatabase(folder.path, 'process-end');
  const dispose = () => {
    db.close();
    folder[Symbol.dispose]();
  };
  return {
    db,
    clock,
    now,
    folder: folder.path,
    jobs: openJobs(db, () => clock.wake()),
    records: embeddedRecords(db, openItemCache()),
    /** Every record, row by row. */
    rows: () => db.sql.prepare('select * from items order by pk, sk').all() as StoredRow[],
    dispose,
    [Symbol.dispose]: dispose,
  };
}

export type EmbeddedStore = ReturnType<typeof openStore>;

export interface StoredRow {
  readonly pk: string;
  readonly sk: string;
  readonly type: string;
  readonly version: number;
  readonly data: string;
}

/**
 * What a store says, for comparing it with another: without how often records were written and
 * effects were tried, without which of the log's lines was written first, and without the budgets of
 * connections, of which a kill forgets a minute.
 */
export function meaningOf(rows: readonly StoredRow[]) {
  return rows
    .filter(({ type }) => type !== 'budget')
    .map(({ pk, sk, data }) => ({ pk, sk, data: JSON.parse(data, withoutCounts) }));
}

const withoutCounts = (name: string, value: unknown) =>
  name === 'order' || name === 'tries' ? undefined : value;
