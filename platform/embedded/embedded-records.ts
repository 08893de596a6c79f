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
import type { HubDatabase } from './database.ts';

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

/** Records in SQLite. */
export function embeddedRecords(db: HubDatabase): Records {
  const get = db.sql.prepare('select * from items where pk = ? and sk = ?');
  const put = db.sql.prepare(
    'insert or replace into items (pk, sk, gsi1pk, gsi1sk, type, version, data, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.sql.prepare('delete from items where pk = ? and sk = ?');
  const find = ({ pk, sk }: Key) => get.get(keyText(pk), keyText(sk)) as Row | undefined;

  const store = ({ pk, sk, gsi1pk, gsi1sk, type, version, data, expiresAt }: Item): void => {
    put.run(
      keyText(pk),
      keyText(sk),
      gsi1pk === undefined ? null : keyText(gsi1pk),
      gsi1sk === undefined ? null : keyText(gsi1sk),
      type,
      version,
      JSON.stringify(data),
      expiresAt ?? null,
    );
  };
  const carryOut = (write: Write): void => {
    const key = keyOf(write);
    if (write.if !== undefined) requireCondition(find(key), write.if, key);
    if ('remove' in write) remove.run(keyText(key.pk), keyText(key.sk));
    else if ('put' in write) store(write.put);
  };

  return {
    get: async (key) => {
      const row = find(key);
      return row === undefined ? undefined : itemOf(row);
    },
    write: async (writes) => {
      if (writes.length === 0) return;
      refuseUnwritable(writes);
      await db.write(() => {
        for (const write of writes) carryOut(write);
      });
    },
    query: async (query) => runQuery(db, query),
  };
}

function requireCondition(row: Row | undefined, condition: Condition, key: Key): void {
  const holds = condition === 'absent' ? row === undefined : row?.version === condition.version;
  if (holds) return;
  throw new HubError(
    'conflict',
    'write_conflict',
    `Somebody else wrote ${key.pk} / ${key.sk} first.`,
  );
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
  const keys = new Set(writes.map(keyOf).map(({ pk, sk }) => JSON.stringify([pk, sk])));
  if (keys.size < writes.length) {
    throw new HubError('defect', 'record_written_twice', 'A transaction writes each record once.');
  }
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'remove' in write ? write.remove : write.check;
}

/**
 * SQLite gives a text back up to its first NUL, so in keys that character stands as two others. The
 * order of keys and their prefixes stay what they were.
 */
const keyText = (key: string) =>
  key.replaceAll('\u0001', '\u0001\u0002').replaceAll('\u0000', '\u0001\u0001');
const keyOfText = (text: string) =>
  text.replaceAll('\u0001\u0001', '\u0000').replaceAll('\u0001\u0002', '\u0001');

const DEFAULT_LIMIT = 100;

function runQuery(db: HubDatabase, query: Query): Page {
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
  const limit = query.limit ?? DEFAULT_LIMIT;
  const order = down ? 'desc' : 'asc';
  const rows = db.sql
    .prepare(
      `select * from items where ${where.join(' and ')} order by ${sk} ${order}, pk ${order}, sk ${order} limit ${limit + 1}`,
    )
    .all(...values) as Row[];
  const items = rows.slice(0, limit).map(itemOf);
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { items };
  return {
    items,
    next: JSON.stringify([query.index === 'gsi1' ? last.gsi1sk : last.sk, last.pk, last.sk]),
  };
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

function itemOf(row: Row): Item {
  const { pk, sk, type, version, gsi1pk, gsi1sk, expires_at: expiresAt } = row;
  return {
    pk: keyOfText(pk),
    sk: keyOfText(sk),
    type,
    version,
    data: JSON.parse(row.data) as unknown,
    ...(gsi1pk === null ? {} : { gsi1pk: keyOfText(gsi1pk) }),
    ...(gsi1sk === null ? {} : { gsi1sk: keyOfText(gsi1sk) }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}
