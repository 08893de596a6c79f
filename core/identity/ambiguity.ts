import * as z from 'zod';
import { Instant } from '#core/events.ts';
import type { Item } from '#core/ports/records.ts';

/** Several accounts that a person may belong to: somebody has to say which one it is. */
export const Ambiguity = z.strictObject({
  personId: z.string(),
  queue: z.literal('account-matching'),
  candidates: z.array(
    z.strictObject({
      accountId: z.string(),
      /** With its domain or country, for doubtful accounts often have one name. */
      name: z.string(),
      rung: z.string(),
      score: z.number(),
      evidence: z.array(z.string()),
    }),
  ),
  at: Instant,
  nextAction: z.strictObject({ what: z.string(), at: Instant }),
});
export type Ambiguity = z.infer<typeof Ambiguity>;

/** All that wait, by when they are due: a partition of the index. */
export const AMBIGUITIES = 'AMBIGUOUS';

export const ambiguityKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'AMBIGUOUS' });

export function ambiguityItem(ambiguity: Ambiguity): Item {
  return {
    ...ambiguityKey(ambiguity.personId),
    type: 'ambiguity',
    version: 1,
    data: ambiguity,
    gsi1pk: AMBIGUITIES,
    gsi1sk: `${ambiguity.nextAction.at}#${ambiguity.personId}`,
  };
}
