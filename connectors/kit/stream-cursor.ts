import * as z from 'zod';
import { isHubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { read, type Stored, untilWritten } from '#core/records/store.ts';

/** How far a stream of a connection was read. */
export const StreamCursor = z.strictObject({
  connection: z.string(),
  stream: z.string(),
  /** The cursor of the stream's own making, or where it is to begin. */
  place: z.union([z.strictObject({ cursor: z.unknown() }), z.strictObject({ from: Instant })]),
  /** Whether the last page said that it was the last one there is. */
  rested: z.boolean(),
  /** When it was last read, and when it was last read to its end. */
  readAt: Instant.optional(),
  restedAt: Instant.optional(),
  /** What is to be read once more after the reading that is under way. */
  again: Instant.optional(),
});
export type StreamCursor = z.infer<typeof StreamCursor>;

const cursorKey = (connection: string, stream: string) => ({
  pk: `CURSOR#${connection}#${stream}`,
  sk: 'CURSOR',
});

export const readCursor = (
  records: Records,
  connection: string,
  stream: string,
): Promise<Stored<StreamCursor> | undefined> =>
  read(records, StreamCursor, cursorKey(connection, stream));

/** Keeps a cursor unless somebody else wrote it meanwhile; answers whether it is kept. */
export async function keepCursor(
  records: Records,
  data: StreamCursor,
  version: number,
): Promise<boolean> {
  const key = cursorKey(data.connection, data.stream);
  const put: Item = { ...key, type: 'cursor', version: version + 1, data };
  try {
    await records.write([{ put, if: version === 0 ? 'absent' : { version } }]);
    return true;
  } catch (error) {
    if (isHubError(error, 'conflict')) return false;
    throw error;
  }
}

/** Stamps may become visible after what was read at their time. */
const MARGIN_MS = 5 * 60_000;

const earlier = (one: string, other: string | undefined) =>
  other === undefined || one < other ? one : other;

/**
 * Has a stream read again from a moment on, whatever was read of it. Nothing between what was read
 * and that moment is left out, and a reading that is under way is ended first.
 */
export function readAgain(
  records: Records,
  connection: string,
  stream: string,
  from: Date,
): Promise<void> {
  return untilWritten(async () => {
    const stored = await readCursor(records, connection, stream);
    const data = rewound(stored?.data, { connection, stream, from: from.toISOString() });
    const key = cursorKey(connection, stream);
    const version = stored?.version ?? 0;
    const put: Item = { ...key, type: 'cursor', version: version + 1, data };
    await records.write([{ put, if: version === 0 ? 'absent' : { version } }]);
  });
}

function rewound(
  kept: StreamCursor | undefined,
  { connection, stream, from }: { connection: string; stream: string; from: string },
): StreamCursor {
  if (kept === undefined) return { connection, stream, place: { from }, rested: false };
  if ('from' in kept.place) {
    const { readAt: _, ...rest } = kept;
    return { ...rest, place: { from: earlier(from, kept.place.from) } };
  }
  if (!kept.rested) return { ...kept, again: earlier(from, kept.again) };
  return begunAgain(kept, from);
}

/** From then on, or from where the last reading ended if that was before. */
export function begunAgain(kept: StreamCursor, from: string): StreamCursor {
  const { readAt, again: _, ...rest } = kept;
  const end = Date.parse(readAt ?? from) - MARGIN_MS;
  const place = { from: earlier(from, new Date(end).toISOString()) };
  return { ...rest, place, rested: false };
}
