import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Records } from '#core/ports/records.ts';
import { read, readAll } from '#core/records/store.ts';

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
  const id = `q_${shortHash(what.connection, JSON.stringify(what.content))}`;
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

/** Everything held, and with `all` also what was replayed. */
export async function listQuarantined(records: Records, all = false): Promise<Quarantined[]> {
  const kept = await readAll(records, Quarantined, { pk: PARTITION });
  const listed = kept.filter(({ status }) => all || status === 'held');
  return listed.sort((left, right) => left.at.localeCompare(right.at));
}

/** One thing held, by its id. */
export async function findQuarantined(records: Records, id: string): Promise<Quarantined> {
  const found = await read(records, Quarantined, quarantineKey(id));
  if (found !== undefined) return found.data;
  throw new HubError(
    'data',
    'quarantined_unknown',
    `Nothing is held under '${id}': see 'baton quarantine list'.`,
  );
}

/** Marks something as replayed; if it fails again, it is held again. */
export async function markReplayed(records: Records, id: string): Promise<void> {
  const found = await read(records, Quarantined, quarantineKey(id));
  if (found === undefined) return;
  await records.write([
    {
      put: {
        ...quarantineKey(id),
        type: 'quarantined',
        version: found.version + 1,
        data: { ...found.data, status: 'replayed' },
      },
      if: { version: found.version },
    },
  ]);
}
