import type Database from 'libsql';
import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import {
  type Condition,
  type Item,
  type Key,
  MOST_WRITES,
  type Page,
  type Query,
  type Records,
  type Write,
} from '#core/ports/records.ts';
import { frozen } from '#core/records/frozen.ts';
import type { HubDatabase } from './database.ts';
import { type ItemCache, idOf, NO_CACHE, type Standing } from './item-cache.ts';
import { keyOfText, keyText } from './key-text.ts';

interface Row {
  pk: string;
  sk: string;
  gsi1pk: string | null;
  gsi1sk: string | null;
  type: string;
  version: number;
  data: string;
  expires_at: number | null;
}

/**
 * Records in SQLite. Only the one process that writes the store may keep items at hand. `together`
 * writes, in the same transaction, what has to be done because of a write.
 */
export function embeddedRecords(
  db: HubDatabase,
  cache: ItemCache = NO_CACHE,
  together: (writes: readonly Write[]) => void = () => undefined,
): Records {
  const sql = {
    get: db.sql.prepare('select * from items where pk = ? and sk = ?'),
    replace: db.sql.prepare(
      'insert or replace into items (gsi1pk, gsi1sk, type, version, data, expires_at, pk, sk) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    insert: db.sql.prepare(
      'insert into items (gsi1pk, gsi1sk, type, version, data, expires_at, pk, sk) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing',
    ),
    update: db.sql.prepare(
      'update items set gsi1pk = ?, gsi1sk = ?, type = ?, version = ?, data = ?, expires_at = ? where pk = ? and sk = ? and version = ?',
    ),
    remove: db.sql.prepare('delete from items where pk = ? and sk = ?'),
    check: db.sql.prepare('select version from items where pk = ? and sk = ?'),
  };
  const query = queryRunner(db, cache);

  const holds = ({ pk, sk }: Key, condition: Condition): boolean => {
    const row = sql.check.get(keyText(pk), keyText(sk)) as { version: number } | undefined;
    return condition === 'absent' ? row === undefined : row?.version === condition.version;
  };
  /** Answers whether the condition held; if not, nothing was written. */
  const put = (item: Item, condition: Condition | undefined): boolean => {
    const row = rowOf(item);
    const { gsi1pk, gsi1sk, type, version, data, expires_at, pk, sk } = row;
    const values = [gsi1pk, gsi1sk, type, version, data, expires_at, pk, sk];
    cache.forget(item);
    db.afterCommit(() => cache.keep(item, standingOf(row)));
    if (condition === undefined) return sql.replace.run(...values).changes > 0;
    if (condition === 'absent') return sql.insert.run(...values).changes > 0;
    return sql.update.run(...values, condition.version).changes > 0;
  };
  const remove = (key: Key, condition: Condition | undefined): boolean => {
    if (condition !== undefined && !holds(key, condition)) return false;
    sql.remove.run(keyText(key.pk), keyText(key.sk));
    cache.forget(key);
    db.afterCommit(() => cache.keep(key, NOTHING));
    return true;
  };
  const carryOut = (write: Write): void => {
    if ('put' in write ? put(write.put, write.if) : standsOrGoes(write)) return;
    const { pk, sk } = keyOf(write);
    throw new HubError('conflict', 'write_conflict', `Somebody else wrote ${pk} / ${sk} first.`);
  };
  const standsOrGoes = (write: Exclude<Write, { put: Item }>): boolean =>
    'remove' in write ? remove(write.remove, write.if) : holds(write.check, write.if);

  const stored = (key: Key): Standing => {
    const row = sql.get.get(keyText(key.pk), keyText(key.sk)) as Row | undefined;
    const standing = row === undefined ? NOTHING : standingOf(row);
    cache.keep(key, standing);
    return standing;
  };

  return {
    get: async (key) => (cache.find(key) ?? stored(key))(),
    write: async (writes) => {
      if (writes.length === 0) return;
      refuseUnwritable(writes);
      await db.write(() => {
        for (const write of writes) carryOut(write);
        together(writes);
      });
    },
    query: async (asked) => query(asked),
  };
}

const NOTHING: Standing = () => undefined;

/** Parsed when somebody asks, and not before: much of what is written is never read again. */
function standingOf(row: Row): Standing {
  let item: Item | undefined;
  return () => {
    item ??= itemOf(row);
    return item;
  };
}

/** What DynamoDB refuses is refused here too, so that a workflow moves there unchanged. */
function refuseUnwritable(writes: readonly Write[]): void {
  if (writes.length > MOST_WRITES) {
    throw new HubError(
      'defect',
      'too_many_writes',
      `A transaction takes ${MOST_WRITES} writes, not ${writes.length}: write in parts.`,
    );
  }
  const keys = new Set(writes.map(keyOf).map(idOf));
  if (keys.size < writes.length) {
    throw new HubError('defect', 'record_written_twice', 'A transaction writes each record once.');
  }
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'remove' in write ? write.remove : write.check;
}

const DEFAULT_LIMIT = 100;

/** Queries differ by a few words only: each wording is prepared once. */
function queryRunner(db: HubDatabase, cache: ItemCache): (query: Query) => Page {
  const prepared = new Map<string, Database.Statement>();
  const prepare = (text: string): Database.Statement => {
    const statement = prepared.get(text) ?? db.sql.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  /** The same item as a reader by key gets. */
  const itemAt = (row: Row): Item => {
    const key = { pk: keyOfText(row.pk), sk: keyOfText(row.sk) };
    const known = cache.find(key)?.();
    if (known !== undefined) return known;
    const standing = standingOf(row);
    cache.keep(key, standing);
    return standing() ?? itemOf(row);
  };
  return (query) => {
    const { text, values } = selection(query);
    const limit = query.limit ?? DEFAULT_LIMIT;
    const rows = prepare(text).all(...values, limit + 1) as Row[];
    const items = rows.slice(0, limit).map(itemAt);
    const last = rows[limit - 1];
    if (rows.length <= limit || last === undefined) return { items };
    return {
      items,
      next: JSON.stringify([query.index === 'gsi1' ? last.gsi1sk : last.sk, last.pk, last.sk]),
    };
  };
}

/** All but the limit, which comes last. */
function selection(query: Query): { text: string; values: (string | number)[] } {
  const [pk, sk] = query.index === 'gsi1' ? ['gsi1pk', 'gsi1sk'] : ['pk', 'sk'];
  const down = query.descending === true;
  const where = [`${pk} = ?`];
  const values: (string | number)[] = [keyText(query.pk)];
  if (query.prefix !== undefined) {
    where.push(`substr(${sk}, 1, ?) = ?`, `${sk} >= ?`);
    const prefix = keyText(query.prefix);
    values.push([...prefix].length, prefix, prefix);
  }
  if (query.between !== undefined) {
    where.push(`${sk} between ? and ?`);
    values.push(...query.between.map(keyText));
  }
  if (query.after !== undefined) {
    // The place after which to go on: the sort key, and the main key where the index has ties.
    where.push(`(${sk}, pk, sk) ${down ? '<' : '>'} (?, ?, ?)`);
    values.push(...placeOf(query.after));
  }
  const order = down ? 'desc' : 'asc';
  const text = `select * from items where ${where.join(' and ')} order by ${sk} ${order}, pk ${order}, sk ${order} limit ?`;
  return { text, values };
}

function placeOf(token: string): string[] {
  try {
    return Place.parse(JSON.parse(token));
  } catch (cause) {
    throw new HubError('data', 'page_unknown', 'The page token was not made by this store.', {
      cause,
    });
  }
}

const Place = z.tuple([z.string(), z.string(), z.string()]);

function rowOf({ pk, sk, gsi1pk, gsi1sk, type, version, data, expiresAt }: Item): Row {
  return {
    pk: keyText(pk),
    sk: keyText(sk),
    gsi1pk: gsi1pk === undefined ? null : keyText(gsi1pk),
    gsi1sk: gsi1sk === undefined ? null : keyText(gsi1sk),
    type,
    version,
    data: JSON.stringify(data),
    expires_at: expiresAt ?? null,
  };
}

function itemOf(row: Row): Item {
  const { pk, sk, type, version, gsi1pk, gsi1sk, expires_at: expiresAt } = row;
  return {
    pk: keyOfText(pk),
    sk: keyOfText(sk),
    type,
    version,
    data: frozen(JSON.parse(row.data) as unknown),
    ...(gsi1pk === null ? {} : { gsi1pk: keyOfText(gsi1pk) }),
    ...(gsi1sk === null ? {} : { gsi1sk: keyOfText(gsi1sk) }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}
