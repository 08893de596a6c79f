import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { read, readAll, untilWritten } from '#core/records/store.ts';
import { PROBE_MS } from './breaker.ts';

/** What ops must hear of a connection. Times are epoch milliseconds. */
export type Trouble =
  | {
      readonly kind: 'outage';
      readonly connection: string;
      readonly title: string;
      readonly step: 'opened' | 'still-open' | 'closed';
      readonly since: number;
      /** When it is tried again, or was over. */
      readonly until: number;
    }
  | {
      readonly kind: 'quota';
      readonly connection: string;
      readonly title: string;
      readonly usedShare: number;
      readonly goneAt?: number;
      readonly resetsAt: number;
    };

/** A time in which a vendor did not answer. While it lasts, `until` is when it will be asked again. */
export const Outage = z.strictObject({
  connection: z.string(),
  title: z.string(),
  from: Instant,
  until: Instant,
  over: z.boolean(),
});
export type Outage = z.infer<typeof Outage>;

/** A day on which the quota of a connection ran low. */
export const QuotaWarning = z.strictObject({
  connection: z.string(),
  title: z.string(),
  at: Instant,
  usedPercent: z.number(),
  goneAt: Instant.optional(),
  resetsAt: Instant,
});
export type QuotaWarning = z.infer<typeof QuotaWarning>;

const instant = (ms: number) => new Date(ms).toISOString();
const outageKey = (connection: string, from: string) => ({ pk: `OUTAGE#${connection}`, sk: from });

/** Clocks look at outages as long as they run, reports for a while longer. */
const KEPT_MS = 400 * 86_400_000;
/** No outage is older than this and still reaches into the time asked for. */
const LONGEST_MS = 31 * 86_400_000;

/** Keeps what happened; answers whether it is news that ops have not heard yet. */
export async function recordTrouble(
  records: Records,
  trouble: Trouble,
  now: Date,
): Promise<boolean> {
  return trouble.kind === 'outage'
    ? untilWritten(() => recordOutage(records, trouble))
    : recordWarning(records, trouble, now);
}

async function recordOutage(
  records: Records,
  { connection, title, step, since, until }: Extract<Trouble, { kind: 'outage' }>,
): Promise<boolean> {
  const key = outageKey(connection, instant(since));
  const found = await read(records, Outage, key);
  if (found?.data.over === true) return false;
  const over = step === 'closed';
  const version = (found?.version ?? 0) + 1;
  const data: Outage = {
    connection,
    title,
    from: key.sk,
    // The time that the next try itself takes belongs to the outage as well.
    until: instant(over ? Math.max(until, since) : until + PROBE_MS),
    over,
  };
  const item: Item = {
    ...key,
    type: 'outage',
    version,
    data,
    expiresAt: Math.floor((since + KEPT_MS) / 1000),
  };
  await records.write([
    { put: item, if: found === undefined ? 'absent' : { version: found.version } },
  ]);
  return found === undefined || over;
}

async function recordWarning(
  records: Records,
  { connection, title, usedShare, goneAt, resetsAt }: Extract<Trouble, { kind: 'quota' }>,
  now: Date,
): Promise<boolean> {
  const data: QuotaWarning = {
    connection,
    title,
    at: now.toISOString(),
    usedPercent: Math.round(usedShare * 100),
    resetsAt: instant(resetsAt),
    ...(goneAt === undefined ? {} : { goneAt: instant(goneAt) }),
  };
  const item: Item = {
    pk: `QUOTA#${connection}`,
    sk: now.toISOString().slice(0, 10),
    type: 'quota-warning',
    version: 1,
    data,
    expiresAt: Math.floor((now.getTime() + KEPT_MS) / 1000),
  };
  try {
    await records.write([{ put: item, if: 'absent' }]);
    return true;
  } catch (error) {
    if (isHubError(error, 'conflict')) return false;
    throw error;
  }
}

/** The outages of a connection that overlap a span of time. */
export async function outagesOf(
  records: Records,
  connection: string,
  from: Date,
  until: Date,
): Promise<Outage[]> {
  const earliest = new Date(from.getTime() - LONGEST_MS).toISOString();
  const all = await readAll(records, Outage, {
    pk: outageKey(connection, '').pk,
    between: [earliest, until.toISOString()],
  });
  return all.filter((outage) => outage.until > from.toISOString());
}
