import type { Records, Write } from '#core/ports/records.ts';
import { Engagement, engagementItem, engagementKey } from '#core/records/engagement.ts';
import { read } from '#core/records/store.ts';

/**
 * Has a person's touches counted anew by the next rating, because others became theirs or ceased to
 * be. Whoever counts at this moment writes nothing: what they read has changed.
 */
export async function countAgain(records: Records, personId: string): Promise<Write> {
  const stored = await read(records, Engagement, engagementKey(personId));
  return {
    put: engagementItem(personId, { tallies: {} }, (stored?.version ?? 0) + 1),
    if: stored === undefined ? 'absent' : { version: stored.version },
  };
}
