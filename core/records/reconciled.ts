import * as z from 'zod';
import type { Item, Key, Records } from '#core/ports/records.ts';
import { read, readAll, untilWritten } from './store.ts';

/** What asking a stream brought on one day: how much, and how much of it the hub had missed. */
export const Reconciled = z.strictObject({
  connection: z.string(),
  stream: z.string(),
  /** In UTC. */
  day: z.iso.date(),
  seen: z.number().int().nonnegative(),
  missed: z.number().int().nonnegative(),
});
export type Reconciled = z.infer<typeof Reconciled>;

const DAY_S = 86_400;
/** A row is told again for a while, because streams overlap: until then it must not count twice. */
const COUNTED_FOR_S = 30 * DAY_S;
const KEPT_FOR_S = 400 * DAY_S;

const partition = (connection: string) => `RECONCILED#${connection}`;

/**
 * Counts one row of a stream, once, however often it is told. Many workers count at the same time,
 * so that each day has several parts.
 */
export async function countRow(
  records: Records,
  row: {
    readonly id: string;
    readonly connection: string;
    readonly stream: string;
    readonly missed: boolean;
  },
  now: Date,
): Promise<void> {
  const { id, connection, stream } = row;
  const day = now.toISOString().slice(0, 10);
  const counted: Key = { pk: `EVENT#${id}`, sk: 'COUNTED' };
  const key: Key = { pk: partition(connection), sk: `${day}#${stream}#${id.slice(-1)}` };
  const seconds = Math.floor(now.getTime() / 1000);
  await untilWritten(async () => {
    if ((await records.get(counted)) !== undefined) return;
    const stored = await read(records, Reconciled, key);
    const { seen, missed } = stored?.data ?? { seen: 0, missed: 0 };
    const data: Reconciled = {
      ...{ connection, stream, day },
      seen: seen + 1,
      missed: missed + (row.missed ? 1 : 0),
    };
    const version = stored?.version ?? 0;
    const sum: Item = { ...key, type: 'reconciled', version: version + 1, data };
    const mark: Item = { ...counted, type: 'counted', version: 1, data: {} };
    await records.write([
      { put: { ...mark, expiresAt: seconds + COUNTED_FOR_S }, if: 'absent' },
      {
        put: { ...sum, expiresAt: seconds + KEPT_FOR_S },
        if: version === 0 ? 'absent' : { version },
      },
    ]);
  });
}

/** What asking brought since a moment, day by day and in parts; days count whole. */
export function reconciledSince(
  records: Records,
  connection: string,
  since: Date,
): Promise<Reconciled[]> {
  const from = since.toISOString().slice(0, 10);
  return readAll(records, Reconciled, { pk: partition(connection), between: [from, '~'] });
}
