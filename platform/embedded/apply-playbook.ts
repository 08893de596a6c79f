import type { Hub } from '#core/ports/hub.ts';
import type { Key } from '#core/ports/records.ts';
import { moveClocksOf } from '#core/versions/move-clocks.ts';
import { type Applying, bringIntoForce, type InForce } from '#core/versions/versions.ts';
import type { HubDatabase } from './database.ts';

/** What an application did. */
export interface Applied {
  readonly inForce: InForce;
  /** Whether anything changed. */
  readonly changed: boolean;
  readonly clocksMoved: number;
}

/**
 * Brings a version into force in a hub that works. Each part may be the last before the process
 * ends: the version is in force once it is written, and the clocks are moved by the next start.
 */
export async function applyPlaybook(
  { hub, db, takeOver }: { hub: Hub; db: HubDatabase; takeOver: (inForce: InForce) => void },
  applying: Applying,
): Promise<Applied> {
  const done = await bringIntoForce(hub, applying);
  takeOver(done.inForce);
  return { ...done, clocksMoved: await moveClocks(hub, db) };
}

/** Moves the clocks as the version in force asked for, unless that was done; answers how many. */
export const moveClocks = (hub: Hub, db: HubDatabase): Promise<number> =>
  moveClocksOf(hub, async () => [openHandoffs(db)]);

/** The keys of the hand-offs that may have a running clock. */
function openHandoffs({ sql }: HubDatabase): Key[] {
  return sql
    .prepare(
      "select pk, sk from items where type = 'handoff' and json_extract(data, '$.status') = 'open' order by pk, sk",
    )
    .all() as Key[];
}
