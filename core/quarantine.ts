import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Records } from '#core/ports/records.ts';
import { read, readAll, type Stored } from '#core/records/store.ts';

/** What was verified but could not be understood: kept whole, with the reason, until replayed. */
export const Quarantined = z.strictObject({
  id: z.string(),
  at: Instant,
  connection: z.string(),
  vendor: z.string(),
  code: z.string(),
  message: z.string(),
  status: z.enum(['held', 'replayed']),
  /** A whole request, or one envelope of a batch that was cut already. */
  content: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('request'),
      method: z.string(),
      path: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      /** The raw bytes, in base64. */
      body: z.string(),
    }),
    z.strictObject({ kind: z.literal('envelope'), envelope: z.unknown() }),
  ]),
});
export type Quarantined = z.infer<typeof Quarantined>;

const PARTITION = 'QUARANTINE';
const quarantineKey = (id: string) => ({ pk: PARTITION, sk: id });

/** Keeps something that can't be processed. The same thing again, for the same reason, is kept once. */
export async function quarantine(
  records: Records,
  what: Omit<Quarantined, 'id' | 'status'>,
): Promise<void> {
  const id = `q_${shortHash(what.connection, JSON.stringify(identityOf(what.content)))}`;
  const stored = await read(records, Quarantined, quarantineKey(id));
  await records.write([
    {
      put: {
        ...quarantineKey(id),
        type: 'quarantined',
        version: (stored?.version ?? 0) + 1,
        data: { ...what, at: stored?.data.at ?? what.at, id, status: 'held' },
      },
    },
  ]);
}

/** Headers of the way, not of the news: another proxy, another try. The others may say what the news is. */
const OF_THE_WAY =
  /^(?:host|connection|keep-alive|user-agent|accept|accept-.*|content-length|date|via|forwarded|traceparent|tracestate|(?:x-)?(?:request|correlation)-id|x-forwarded-.*|x-real-ip|x-amzn-.*|cf-.*|.*-timestamp)$/;

function identityOf(content: Quarantined['content']): unknown {
  if (content.kind === 'envelope') return content;
  const { method, path, body } = content;
  const headers = Object.entries(content.headers).filter(([name]) => !OF_THE_WAY.test(name));
  return {
    method,
    path,
    body,
    headers: headers.sort(([left], [right]) => left.localeCompare(right)),
  };
}

/** Everything held, and with `all` also what was replayed. */
export async function listQuarantined(records: Records, all = false): Promise<Quarantined[]> {
  const kept = await readAll(records, Quarantined, { pk: PARTITION });
  const listed = kept.filter(({ status }) => all || status === 'held');
  return listed.sort((left, right) => left.at.localeCompare(right.at));
}

/** One thing held, by its id. */
export async function findQuarantined(records: Records, id: string): Promise<Quarantined> {
  return (await storedQuarantined(records, id)).data;
}

async function storedQuarantined(records: Records, id: string): Promise<Stored<Quarantined>> {
  const found = await read(records, Quarantined, quarantineKey(id));
  if (found !== undefined) return found;
  throw new HubError(
    'data',
    'quarantined_unknown',
    `Nothing is held under '${id}': see 'baton quarantine list'.`,
  );
}

/**
 * Tries something again that is held. It is held until that went well: what fails, or is held again
 * for what came of it, stays.
 */
export async function replayHeld(
  records: Records,
  id: string,
  again: (held: Quarantined) => Promise<void>,
): Promise<void> {
  const { data, version } = await storedQuarantined(records, id);
  await again(data);
  if ((await storedQuarantined(records, id)).version !== version) return;
  await records.write([
    {
      put: {
        ...quarantineKey(id),
        type: 'quarantined',
        version: version + 1,
        data: { ...data, status: 'replayed' },
      },
    },
  ]);
}
