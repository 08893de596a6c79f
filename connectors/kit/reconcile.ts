import { Temporal } from 'temporal-polyfill';
import { HubError, isHubError } from '#core/errors.ts';
import type { Envelope, Inbox } from '#core/ports/inbox.ts';
import type { Records } from '#core/ports/records.ts';
import type { Stored } from '#core/records/store.ts';
import type { Connection } from './connection.ts';
import type { Connections, OpenConnection } from './connections.ts';
import { backfillOf } from './envelope.ts';
import type { Stream } from './stream.ts';
import {
  begunAgain,
  keepCursor,
  readAgain,
  readCursor,
  type StreamCursor,
} from './stream-cursor.ts';

interface Deps {
  readonly connections: Connections;
  readonly inbox: Inbox;
  readonly records: Records;
  /** The hub's time. */
  readonly now: () => Date;
  /** The vendors' time, where it is another. */
  readonly outside?: (() => Date) | undefined;
}

/** A stream that is asked. */
export interface Polled {
  readonly connection: string;
  readonly stream: string;
  readonly everyMinutes: number;
}

/** What one turn of a stream brought. */
export interface Turn {
  /** Deliveries that were put into the inbox; streams overlap, so that some were there before. */
  readonly rows: number;
  readonly pages: number;
  /** Whether it was read to its end. */
  readonly rested: boolean;
}

/** The streams that are asked, of all connections, as these and their connectors say. */
export function polledStreams(connections: Connections): Polled[] {
  return connections.names.flatMap((name) => {
    const { connection, connector } = connections.open(name);
    if (connector.inbound === undefined) return [];
    return Object.entries(connector.streams ?? {}).flatMap(([stream, { everyMinutes }]) => {
      const said = connection.poll?.[stream];
      if (said === false) return [];
      return [{ connection: name, stream, everyMinutes: said?.everyMinutes ?? everyMinutes }];
    });
  });
}

/** More pages at once keep news waiting that webhooks bring meanwhile. */
const PAGES_A_TURN = 10;
/** How soon a stream of which there is more is asked again. */
const NEXT_TURN_MS = 60_000;

/** When a stream is to be asked, in epoch milliseconds; however much was missed, once is enough. */
export function dueAt(cursor: StreamCursor | undefined, everyMinutes: number): number {
  if (cursor?.readAt === undefined) return 0;
  return Date.parse(cursor.readAt) + (cursor.rested ? everyMinutes * 60_000 : NEXT_TURN_MS);
}

/**
 * Reads the next pages of a stream and puts what they hold into the inbox, marked; only then the
 * cursor moves, so that a crash repeats a page and skips none. The first reading begins when the
 * connection is first seen, or where it says. Whoever is overtaken by another reader stops. Throws
 * what the vendor's failure is.
 */
export async function pollStream(
  deps: Deps,
  { connection, stream }: Pick<Polled, 'connection' | 'stream'>,
  { pages = PAGES_A_TURN }: { readonly pages?: number | undefined } = {},
): Promise<Turn> {
  const opened = deps.connections.open(connection);
  const reader = streamOf(opened, stream);
  let kept = await begun(deps, opened.connection, stream);
  const turn = { rows: 0, pages: 0, rested: false };
  while (turn.pages < pages && !turn.rested) {
    const next = await readPage(deps, opened, reader, kept.data);
    turn.pages += 1;
    turn.rows += next.rows;
    turn.rested = next.cursor.rested;
    if (!(await keepCursor(deps.records, next.cursor, kept.version))) return turn;
    kept = { data: next.cursor, version: kept.version + 1 };
  }
  return turn;
}

/** How long one turn goes on, where a clock of somebody else's brings the next one. */
const LONGEST_TURN_MS = 15_000;

/**
 * A turn that a schedule brings: on while there is more, for some seconds. Of turns that came late
 * and all at once only the first does anything; nor does one of a stream that is not asked any
 * more. What may succeed later is left to the next turn.
 */
export async function pollWhenDue(
  deps: Deps,
  of: Pick<Polled, 'connection' | 'stream'>,
): Promise<void> {
  const { connection, stream } = of;
  const polled = polledStreams(deps.connections).find(
    (one) => one.connection === connection && one.stream === stream,
  );
  if (polled === undefined) return;
  const { everyMinutes } = polled;
  const began = deps.now().getTime();
  const cursor = await readCursor(deps.records, connection, stream);
  // A schedule does not wait for the end of the turn before.
  if (dueAt(cursor?.data, everyMinutes) - (everyMinutes * 60_000) / 2 > began) return;
  try {
    let turn: Turn;
    do {
      turn = await pollStream(deps, of, { pages: 1 });
    } while (!turn.rested && deps.now().getTime() - began < LONGEST_TURN_MS);
  } catch (error) {
    // The schedule brings another turn, and ops hear of a vendor that is down.
    if (!isHubError(error, 'retry')) throw error;
  }
}

/** Has a stream asked again from a moment on, when its turn comes, which is at once. */
export function resync(
  { records }: Pick<Deps, 'records'>,
  { connection, stream }: Pick<Polled, 'connection' | 'stream'>,
  from: Date,
): Promise<void> {
  return readAgain(records, connection, stream, from);
}

function streamOf(
  { connection, connector }: OpenConnection,
  name: string,
): Stream<unknown, unknown> {
  const stream = connector.streams?.[name];
  if (stream !== undefined) return stream;
  const known = Object.keys(connector.streams ?? {});
  throw new HubError(
    'config',
    'stream_unknown',
    `Connection '${connection.name}': ${connector.title} has no stream '${name}'; ${known.length === 0 ? 'it has none' : `there are: ${known.join(', ')}`}.`,
  );
}

async function begun(
  { records, now, outside = now }: Deps,
  { name: connection, backfill }: Connection,
  stream: string,
): Promise<Stored<StreamCursor>> {
  const stored = await readCursor(records, connection, stream);
  if (stored !== undefined) return stored;
  const from = backfill?.from ?? outside().toISOString();
  const data: StreamCursor = { connection, stream, place: { from }, rested: false };
  // Kept before anything is read: a vendor that is down must not move the beginning.
  await keepCursor(records, data, 0);
  return (await readCursor(records, connection, stream)) ?? { data, version: 1 };
}

async function readPage(
  deps: Deps,
  { connection, operationContext }: OpenConnection,
  stream: Stream<unknown, unknown>,
  kept: StreamCursor,
): Promise<{ cursor: StreamCursor; rows: number }> {
  const key = `poll/${connection.name}/${kept.stream}`;
  const context = await operationContext(key, { urgency: 'backfill' });
  const { place } = kept;
  const page = await stream.read(context, 'from' in place ? { from: new Date(place.from) } : place);
  const readAt = deps.now().toISOString();
  await deps.inbox.put(
    page.deliveries.map((one) =>
      backfillOf(connection, { stream: kept.stream, unseenSince: kept.restedAt }, one, readAt),
    ),
  );
  const read: StreamCursor = {
    ...kept,
    place: { cursor: page.cursor },
    rested: !page.more,
    readAt,
    ...(page.more ? {} : { restedAt: readAt }),
  };
  const cursor = read.rested && read.again !== undefined ? begunAgain(read, read.again) : read;
  return { cursor, rows: page.deliveries.length };
}

const DEFAULT_ACT_ON = 'P1D';

/** Vendors' indexes lag: what happened shortly before a reading may not have been in it. */
const INDEX_LAG_MS = 15 * 60_000;
/** Whoever asked for something longer ago than this is not called as though it were today. */
const LONGEST_UNSEEN_MS = 7 * 86_400_000;

/**
 * From when on what was found by asking is acted upon: what is young enough, and what happened
 * while the stream could not be read, for a week at most, because nobody could know of it sooner.
 * Where the connection itself says how old, that alone counts.
 */
export function actedFrom(
  connection: Pick<Connection, 'backfill'>,
  { unseenSince }: Pick<Envelope, 'unseenSince'>,
  now: Date,
): string {
  const young = now.getTime() - actOnMs(connection);
  const unseen =
    unseenSince === undefined || connection.backfill?.actOn !== undefined
      ? young
      : Math.max(Date.parse(unseenSince) - INDEX_LAG_MS, now.getTime() - LONGEST_UNSEEN_MS);
  return new Date(Math.min(young, unseen)).toISOString();
}

/** How old something may be that was found by asking and is acted upon, in milliseconds. */
function actOnMs({ backfill }: Pick<Connection, 'backfill'>): number {
  return Temporal.Duration.from(backfill?.actOn ?? DEFAULT_ACT_ON).total('milliseconds');
}
