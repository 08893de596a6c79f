import type { HubDatabase } from '#platform/embedded/database.ts';

/** Everything the hub wrote down, in an order that says nothing of how it came about. */
const TABLES = {
  items: 'pk, sk',
  jobs: 'seq',
  machines: 'hash',
  runs: 'name',
  tokens: 'token',
  history: 'run, id',
} as const;

/** The journal as text: two hubs with the same one have lived the same life. */
export function journalOf({ sql }: Pick<HubDatabase, 'sql'>): string {
  return Object.entries(TABLES)
    .flatMap(([table, order]) => sql.prepare(`select * from ${table} order by ${order}`).all())
    .map((row) => JSON.stringify(row))
    .join('\n');
}
