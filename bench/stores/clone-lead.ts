import Database from 'libsql';
import { pack, unpack } from '#platform/embedded/run-text.ts';
import type { TableName, WaitingLead } from './waiting-lead.ts';

interface CloneOptions {
  readonly from: number;
  readonly count: number;
  /** Which tables get rows; all by default. */
  readonly tables?: readonly TableName[];
  /** When the timer of clone number `index` is due; as in the template by default. */
  readonly dueAt?: (index: number) => number;
}

/** Ids made from hashes, names made from the template's, and ids of records in the CRM. */
const NAMES = /(?<![0-9a-f])[0-9a-f]{20}(?![0-9a-f])|template-0|00[QT]\d{12}/g;

/**
 * Writes copies of a waiting lead into a store, each under names of its own, as the hub would have
 * written them: a hundred thousand leads brought in one by one would take the whole afternoon.
 */
export function cloneLead(folder: string, lead: WaitingLead, options: CloneOptions): void {
  const sql = new Database(`${folder}/baton.db`);
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = OFF');
  const tables = options.tables ?? (Object.keys(lead) as TableName[]);
  const writers = tables.map((table) => writerOf(sql, table, lead));
  const end = options.from + options.count;
  for (let first = options.from; first < end; first += 500) {
    sql.exec('begin');
    for (let index = first; index < Math.min(end, first + 500); index += 1) {
      for (const write of writers) write(index, options.dueAt?.(index));
    }
    sql.exec('commit');
  }
  sql.pragma('wal_checkpoint(TRUNCATE)');
  sql.close();
}

type Cell = (index: number, dueAt: number | undefined) => string | number | Buffer | null;

/** Far from the numbers of the runs that the hub itself writes. */
const FIRST_RUN = 1_000_000;
const RUN_NUMBERS = ['runs.number', 'history.run'];

function writerOf(sql: Database.Database, table: TableName, lead: WaitingLead) {
  const columns = Object.keys(lead[table][0] ?? {}).filter((name) => name !== 'seq');
  const insert = sql.prepare(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  );
  const rows = lead[table].map((row) => columns.map((column) => cellOf(table, column, row)));
  return (index: number, dueAt: number | undefined): void => {
    for (const row of rows) insert.run(...row.map((cell) => cell(index, dueAt)));
  };
}

function cellOf(table: TableName, column: string, row: WaitingLead[TableName][number]): Cell {
  const value = row[column] ?? null;
  // The timer that the template's hand-off waits for; its run has another, a year off.
  if (column === 'due_at' && row['kind'] === 'timer' && row['seq'] !== 3) {
    return (_, dueAt) => dueAt ?? Number(value);
  }
  if (RUN_NUMBERS.includes(`${table}.${column}`)) return (index) => FIRST_RUN + index;
  if (value instanceof ArrayBuffer) return repacked(value);
  return typeof value === 'string' ? renamed(value) : () => value;
}

function repacked(packed: ArrayBuffer): Cell {
  const rename = renamed(unpack(packed));
  return (index) => pack(rename(index));
}

/** The text with the template's names replaced by those of a copy. */
function renamed(text: string): (index: number) => string {
  const names = text.match(NAMES) ?? [];
  const between = text.split(NAMES);
  if (names.length === 0) return () => text;
  return (index) => between.map((part, position) => part + nameOf(names[position], index)).join('');
}

function nameOf(name: string | undefined, index: number): string {
  if (name === undefined) return '';
  if (name === 'template-0') return `template-9${index}`;
  // The nine keeps the copy with the template's own number apart from it.
  return `${name.slice(0, -8)}9${String(index).padStart(7, '0')}`;
}
