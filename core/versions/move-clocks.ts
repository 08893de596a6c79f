import { rebaseClocks } from '#core/handoff/rebase.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Key } from '#core/ports/records.ts';
import { inForce, noteClocksMoved } from './versions.ts';

type Handoffs = Iterable<Key> | AsyncIterable<Key>;

/**
 * Moves the running clocks of hand-offs as the version in force asked for, unless that was done;
 * answers how many. Those of one list go one after the other, and the lists side by side. Stopped
 * half-way it comes to the same when it is called again.
 */
export async function moveClocksOf(
  hub: Hub,
  openHandoffs: () => Promise<readonly Handoffs[]>,
): Promise<number> {
  const applied = await inForce(hub.records);
  if (applied === undefined || applied.clocksMoved || applied.clocks === 'keep') return 0;
  const { clocks: rule, number } = applied;
  const lists = await openHandoffs();
  const moved = await Promise.all(lists.map((handoffs) => rebaseClocks(hub, { rule, handoffs })));
  await noteClocksMoved(hub.records, number);
  return moved.reduce((sum, each) => sum + each, 0);
}
