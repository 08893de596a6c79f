import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { HubDatabase } from '#platform/embedded/database.ts';

type Store = Pick<HubDatabase, 'sql'>;

/**
 * Everything that a hub wrote down (records with timelines and ledger, jobs, runs with their
 * histories, open waits), a line of JSON per row, in an order that says nothing of how it came about.
 */
export function* journalOf({ sql }: Store): Generator<string> {
  for (const table of tablesOf({ sql })) {
    for (const row of sql.prepare(`select * from ${table.name} order by ${table.order}`).iterate())
      yield JSON.stringify({ table: table.name, ...(row as object) });
  }
}

/** The SHA-256 of a journal, which is written to a file, too, if one is named. */
export function journalDigest(store: Store, file?: string): string {
  const hash = createHash('sha256');
  const out = file === undefined ? undefined : openSync(file, 'w');
  try {
    for (const lines of chunks(journalOf(store))) {
      hash.update(lines);
      if (out !== undefined) writeSync(out, lines);
    }
  } finally {
    if (out !== undefined) closeSync(out);
  }
  return hash.digest('hex');
}

const CHUNK_CHARACTERS = 1_000_000;

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** The store's tables by name, each with the columns of its key. */
function tablesOf({ sql }: Store): { name: string; order: string }[] {
  const names = sql
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
    )
    .all() as { name: string }[];
  return names.map(({ name }) => {
    const columns = sql
      .prepare('select name from pragma_table_info(?) where pk > 0 order by pk')
      .all(name) as { name: string }[];
    const order = columns.length === 0 ? 'rowid' : columns.map((column) => column.name).join(', ');
    return { name, order };
  });
}
