import * as z from 'zod';
import type { Item } from '#core/ports/records.ts';
import { Tally } from '#core/scoring/tally.ts';

/**
 * What a person's touches come to, by what the models of the playbook count them by. It is written
 * with each touch that changes it, so its version tells whether touches came since it was read.
 */
export const Engagement = z.strictObject({ tallies: z.record(z.string(), Tally) });
export type Engagement = z.infer<typeof Engagement>;

export const engagementKey = (personId: string) => ({
  pk: `PERSON#${personId}`,
  sk: 'ENGAGEMENT',
});

export function engagementItem(personId: string, engagement: Engagement, version: number): Item {
  return { ...engagementKey(personId), type: 'engagement', version, data: engagement };
}
