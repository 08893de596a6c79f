import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { ALERT_CHANNEL } from '#core/handoff/alert.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import { read, readAll, untilWritten } from '#core/records/store.ts';

/** A field or a value that a connection relies on and its vendor does not have any more. */
export interface Gap {
  /** The same for the same lack: object, field, and what of it. */
  readonly id: string;
  /** In one sentence, without an end. */
  readonly says: string;
  /** The workflows that can't do their work without it. */
  readonly workflows: readonly string[];
}

/** From when on a gap was seen; `over` since it is closed. It is told once for each time it opens. */
const Drift = z.strictObject({
  connection: z.string(),
  title: z.string(),
  gap: z.string(),
  says: z.string(),
  workflows: z.array(z.string()),
  from: Instant,
  over: z.boolean(),
  told: z.boolean(),
});
type Drift = z.infer<typeof Drift>;

const keyOf = (connection: string, gap: string) => ({ pk: `DRIFT#${connection}`, sk: gap });

/**
 * Keeps what a connection lacks now, closes what it lacks no more, and tells the alert channel of
 * each gap once: a hub that stops between the two tells it at the next look.
 */
export async function noteGaps(
  hub: Pick<Hub, 'records' | 'operations' | 'now'>,
  of: { readonly connection: string; readonly title: string },
  gaps: readonly Gap[],
): Promise<void> {
  for (const gap of gaps) {
    const drift = await untilWritten(() => opened(hub, of, gap));
    if (drift.told) continue;
    await tell(hub, drift);
    await untilWritten(() => changed(hub, drift, { told: true }));
  }
  const lacking = new Set(gaps.map(({ id }) => id));
  const kept = await readAll(hub.records, Drift, { pk: keyOf(of.connection, '').pk });
  for (const drift of kept.filter(({ gap, over }) => !over && !lacking.has(gap))) {
    await untilWritten(() => changed(hub, drift, { over: true }));
  }
}

async function opened(
  { records, now }: Pick<Hub, 'records' | 'now'>,
  { connection, title }: { readonly connection: string; readonly title: string },
  { id, says, workflows }: Gap,
): Promise<Drift> {
  const key = keyOf(connection, id);
  const found = await read(records, Drift, key);
  if (found !== undefined && !found.data.over) return found.data;
  const data: Drift = {
    ...{ connection, title, gap: id, says, workflows: [...workflows] },
    from: now().toISOString(),
    over: false,
    told: false,
  };
  const version = (found?.version ?? 0) + 1;
  await records.write([
    {
      put: { ...key, type: 'drift', version, data },
      if: found === undefined ? 'absent' : { version: found.version },
    },
  ]);
  return data;
}

async function changed(
  { records }: Pick<Hub, 'records'>,
  { connection, gap, from }: Drift,
  change: { readonly told?: true; readonly over?: true },
): Promise<void> {
  const key = keyOf(connection, gap);
  const found = await read(records, Drift, key);
  if (found === undefined || found.data.from !== from) return;
  const version = found.version + 1;
  await records.write([
    {
      put: { ...key, type: 'drift', version, data: { ...found.data, ...change } },
      if: { version: found.version },
    },
  ]);
}

async function tell({ operations }: Pick<Hub, 'operations'>, drift: Drift): Promise<void> {
  const { connection, title, gap, says, workflows, from } = drift;
  const chat = operations.inRole('chat').find((name) => name !== connection);
  if (chat === undefined) return;
  const breaks = workflows.length === 0 ? 'no workflow' : workflows.join(', ');
  await operations.call({
    connection: chat,
    operation: 'message.post',
    key: `drift/${shortHash(connection, gap, from)}`,
    recovering: true,
    urgency: 'usual',
    input: {
      to: ALERT_CHANNEL,
      title: `${title} (connection '${connection}'): ${says}`,
      lines: [
        `It breaks ${breaks}.`,
        "Make it again at the vendor, or name another in the settings; 'baton doctor' looks anew.",
      ],
      actions: [],
      reasons: [],
    },
  });
}
