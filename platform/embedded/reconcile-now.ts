import * as z from 'zod';
import type { Connections } from '#connectors/kit/connections.ts';
import { type Polled, polledStreams, resync } from '#connectors/kit/reconcile.ts';
import { HubError, isHubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import type { EmbeddedHub } from './hub.ts';

/** Which streams are to be asked, and from when on if not from where they stand. */
export const Wanted = z.strictObject({
  connection: z.string().optional(),
  stream: z.string().optional(),
  from: Instant.optional(),
});
export type Wanted = z.infer<typeof Wanted>;

/** What came of asking one stream. */
export const Asked = z.strictObject({
  connection: z.string(),
  stream: z.string(),
  rows: z.number(),
  pages: z.number(),
  /** Whether it was read to its end; the rest is read minute by minute. */
  rested: z.boolean(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
export type Asked = z.infer<typeof Asked>;

/** More than this is left to the hub. */
const MOST_PAGES = 100;

/** Asks streams now, all that are wanted, one after the other; a stream that fails stops no other. */
export async function askNow(
  embedded: Pick<EmbeddedHub, 'hub' | 'connections' | 'poll'>,
  wanted: Wanted,
): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const of of selected(embedded.connections, wanted)) {
    const { connection, stream } = of;
    try {
      if (wanted.from !== undefined) await resync(embedded.hub, of, new Date(wanted.from));
      asked.push({ connection, stream, ...(await embedded.poll(of, { pages: MOST_PAGES })) });
    } catch (error) {
      if (!isHubError(error)) throw error;
      const { code, message } = error;
      asked.push({
        ...{ connection, stream, rows: 0, pages: 0, rested: false },
        error: { code, message },
      });
    }
  }
  return asked;
}

type Named = Pick<Polled, 'connection' | 'stream'>;

/** A stream that is switched off is asked where it is named. */
function selected(connections: Connections, { connection, stream }: Wanted): Named[] {
  const names = connection === undefined ? connections.names : [connection];
  const there: Named[] =
    stream === undefined
      ? polledStreams(connections)
      : names
          .filter((name) => connections.open(name).connector.streams?.[stream] !== undefined)
          .map((name) => ({ connection: name, stream }));
  if (connection !== undefined) connections.open(connection);
  const found = there.filter((one) => names.includes(one.connection));
  if (found.length > 0) return found;
  throw new HubError(
    'config',
    'stream_unknown',
    `There is nothing to ask${stream === undefined ? '' : ` under the stream '${stream}'`}: docs/connecting.md names the streams of each vendor.`,
  );
}
