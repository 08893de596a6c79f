import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { readConfig } from '#cli/config.ts';
import { openPlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { configuredSetting } from '#cli/up/setting.ts';
import { connectors } from '#connectors/index.ts';
import { findQuarantined, listQuarantined } from '#core/quarantine.ts';
import { realClock } from '#platform/embedded/clock.ts';
import { type EmbeddedHub, openEmbeddedHub } from '#platform/embedded/hub.ts';
import { holderOf, openReader } from '#platform/embedded/reader.ts';

export type ReplayOptions = StoreOptions & PlaybookOptions;

/** What became of one thing that was tried again. */
export interface Replayed {
  readonly id: string;
  readonly status: 'held' | 'replayed';
  /** Why it is held again. */
  readonly message?: string;
}

/** Tries things again that are held: those that are named, or all of them. */
export async function replayHeld(
  named: readonly string[],
  options: ReplayOptions,
): Promise<Replayed[]> {
  const folder = resolve(options.data);
  const ids = named.length > 0 ? named : await allHeld(folder);
  if (ids.length === 0) return [];
  return holderOf(folder) === undefined
    ? replayInStore(folder, ids, options)
    : replayThroughHub(folder, ids);
}

async function allHeld(folder: string): Promise<string[]> {
  const store = openReader(folder);
  try {
    return (await listQuarantined(store.records)).map(({ id }) => id);
  } finally {
    store.close();
  }
}

const Outcome = z.object({ status: z.enum(['held', 'replayed']), message: z.string() });

/** One process at a time writes to a store: the hub that runs is asked to do it. */
async function replayThroughHub(folder: string, ids: readonly string[]): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for (const id of ids) {
    const body = await askHub(folder, `/admin/quarantine/${encodeURIComponent(id)}/replay`);
    replayed.push(asReplayed(id, Outcome.parse(body)));
  }
  return replayed;
}

/** Opens the hub for as long as it takes to do what the replay leads to. */
async function replayInStore(
  folder: string,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<Replayed[]> {
  const config = readConfig(options.config);
  const playbook = await openPlaybook(options);
  const setting = await configuredSetting(config, folder);
  const { connections, secrets, mail } = setting;
  const embedded = openEmbeddedHub({
    ...{ folder, playbook, connectors, connections, secrets, mail },
    clock: realClock(),
    publicUrl: config.publicUrl ?? `http://127.0.0.1:${config.port}`,
  });
  try {
    for (const id of ids) await embedded.replay(id);
    await workOff(embedded);
    return await Promise.all(
      ids.map(async (id) => asReplayed(id, await findQuarantined(embedded.hub.records, id))),
    );
  } finally {
    await embedded.close();
    await setting.close();
  }
}

const asReplayed = (id: string, { status, message }: z.infer<typeof Outcome>): Replayed =>
  status === 'held' ? { id, status, message } : { id, status };

/** Works until nothing is due; what waits for later is done by the next hub on this store. */
async function workOff({ worker, jobs, hub }: EmbeddedHub): Promise<void> {
  const working = worker.run();
  while (jobs.count(hub.now().getTime()).due > 0) await Promise.race([sleep(20), working]);
  await worker.stop();
}
