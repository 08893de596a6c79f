import { resolve } from 'node:path';
import * as z from 'zod';
import type { PlaybookOptions } from '#cli/playbook.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { inStoppedHub } from '#cli/store/stopped-hub.ts';
import { findQuarantined, listQuarantined } from '#core/quarantine.ts';
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

/** Does it in the store itself, with what it leads to. */
function replayInStore(
  folder: string,
  ids: readonly string[],
  options: ReplayOptions,
): Promise<Replayed[]> {
  return inStoppedHub(folder, options, async (embedded, workOff) => {
    for (const id of ids) await embedded.replay(id);
    await workOff();
    return Promise.all(
      ids.map(async (id) => asReplayed(id, await findQuarantined(embedded.hub.records, id))),
    );
  });
}

const asReplayed = (id: string, { status, message }: z.infer<typeof Outcome>): Replayed =>
  status === 'held' ? { id, status, message } : { id, status };
