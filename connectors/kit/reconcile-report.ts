import type { Records } from '#core/ports/records.ts';
import { reconciledSince } from '#core/records/reconciled.ts';
import type { Polled } from './reconcile.ts';
import { readCursor } from './stream-cursor.ts';

/** How well the webhooks of a connection do, by one of its streams. */
export interface StreamReport {
  readonly connection: string;
  readonly stream: string;
  /** Rows that asking brought in the last seven days, and how many of them the hub had not known. */
  readonly seen: number;
  readonly missed: number;
  /** The second as a part of the first, from 0 to 1; `null` where nothing was seen. */
  readonly missRate: number | null;
  /** When it was last read to its end, and how many minutes ago that was; `null` if it never was. */
  readonly restedAt: string | null;
  readonly ageMinutes: number | null;
}

const DAYS = 7;
const DAY_MS = 86_400_000;

/** What asking has brought in the last seven days (UTC, today with them), stream by stream. */
export async function reportOn(
  records: Records,
  streams: readonly Pick<Polled, 'connection' | 'stream'>[],
  now: Date,
): Promise<StreamReport[]> {
  const since = new Date(now.getTime() - (DAYS - 1) * DAY_MS);
  const reports: StreamReport[] = [];
  for (const { connection, stream } of streams) {
    const parts = await reconciledSince(records, connection, since);
    const own = parts.filter((one) => one.stream === stream);
    const seen = own.reduce((sum, one) => sum + one.seen, 0);
    const missed = own.reduce((sum, one) => sum + one.missed, 0);
    const restedAt = (await readCursor(records, connection, stream))?.data.restedAt ?? null;
    const ageMs = restedAt === null ? null : now.getTime() - Date.parse(restedAt);
    reports.push({
      ...{ connection, stream, seen, missed, restedAt },
      missRate: seen === 0 ? null : missed / seen,
      ageMinutes: ageMs === null ? null : Math.max(0, Math.floor(ageMs / 60_000)),
    });
  }
  return reports;
}
