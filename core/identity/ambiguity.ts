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
  /** When the channel is to be told of it next; `null` once it was told that the time is over. */
  tellAt: Instant.nullable().optional(),
});
export type Ambiguity = z.infer<typeof Ambiguity>;

/** All that wait, by when the channel is to be told of them: a partition of the index. */
export const AMBIGUITIES = 'AMBIGUOUS';

export const ambiguityKey = (personId: string) => ({ pk: `PERSON#${personId}`, sk: 'AMBIGUOUS' });

export function ambiguityItem(ambiguity: Ambiguity, version: number): Item {
  const { personId, nextAction, tellAt = nextAction.at } = ambiguity;
  return {
    ...ambiguityKey(personId),
    type: 'ambiguity',
    version,
    data: ambiguity,
    gsi1pk: AMBIGUITIES,
    gsi1sk: `${tellAt ?? '~'}#${personId}`,
  };
}

/** When the channel is to be told of somebody, by their item; `undefined` for any other item. */
export function tellsAt({ type, data }: Item): { personId: string; at: string } | undefined {
  if (type !== 'ambiguity') return undefined;
  const { personId, tellAt } = data as Ambiguity;
  return tellAt === null || tellAt === undefined ? undefined : { personId, at: tellAt };
}
