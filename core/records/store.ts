import type * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import type { Item, Key, Query, Records } from '#core/ports/records.ts';
import { frozen } from './frozen.ts';

/** A record as read, with the version a writer must name. Nobody may change its data in place. */
export interface Stored<T> {
  readonly data: T;
  readonly version: number;
}

/** Reads one record and parses it; `undefined` when there is none. */
export async function read<T>(
  records: Records,
  schema: z.ZodType<T>,
  key: Key,
): Promise<Stored<T> | undefined> {
  const item = await records.get(key);
  return item === undefined ? undefined : { data: parsed(schema, item), version: item.version };
}

/** Reads one record that must be there. */
export async function readExisting<T>(
  records: Records,
  schema: z.ZodType<T>,
  key: Key,
): Promise<Stored<T>> {
  const found = await read(records, schema, key);
  if (found !== undefined) return found;
  throw new HubError('defect', 'record_missing', `The record ${key.pk} / ${key.sk} is not there.`);
}

/** Reads every page of a query. */
export async function readAll<T>(
  records: Records,
  schema: z.ZodType<T>,
  query: Query,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const page = await records.query({ ...query, after });
    all.push(...parsedAll(schema, page.items));
    after = page.next;
  } while (after !== undefined);
  return all;
}

/** Parses the items of one page. */
export const parsedAll = <T>(schema: z.ZodType<T>, items: readonly Item[]): T[] =>
  items.map((item) => parsed(schema, item));

/** What some data was parsed to, and by which schema: a store may hand out the same data again. */
const before = new WeakMap<object, { readonly schema: unknown; readonly data: unknown }>();

function parsed<T>(schema: z.ZodType<T>, item: Item): T {
  const source = item.data instanceof Object ? item.data : undefined;
  const known = source && before.get(source);
  if (known !== undefined && known.schema === schema) return known.data as T;
  const result = schema.safeParse(item.data);
  if (result.success) {
    const data = frozen(result.data);
    if (source !== undefined && Object.isFrozen(source)) before.set(source, { schema, data });
    return data;
  }
  throw new HubError(
    'defect',
    'record_unreadable',
    `The record ${item.pk} / ${item.sk} does not fit its schema.`,
    {
      cause: result.error,
    },
  );
}

/** Writers of one person meet rarely; whoever loses reads again. More losses than this are a defect. */
const MOST_ATTEMPTS = 12;

/** Reads, decides and writes again until nobody else wrote in between. */
export async function untilWritten<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isHubError(error, 'conflict') || error.code !== 'write_conflict') throw error;
      if (tries >= MOST_ATTEMPTS) {
        throw new HubError(
          'retry',
          'write_contended',
          'Too many writers at one record; it will be tried again.',
          {
            cause: error,
          },
        );
      }
    }
  }
}

/** Writes what anybody else may have written meanwhile, and then need not be written. */
export async function unlessOvertaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isHubError(error, 'conflict') || error.code !== 'write_conflict') throw error;
  }
}
