import * as z from 'zod';
import { Instant, TouchFacts } from '#core/events.ts';
import type { Item } from '#core/ports/records.ts';

/** One interaction of a person or of a visitor nobody knows yet. */
export const Touch = z.strictObject({
  ...TouchFacts.shape,
  id: z.string(),
  at: Instant,
  connection: z.string(),
});
export type Touch = z.infer<typeof Touch>;

export const TOUCH_PREFIX = 'TOUCH#';
export const touchesOfPerson = (personId: string) => `PERSON#${personId}`;
export const touchesOfVisitor = (anonymousId: string) => `VISITOR#${anonymousId}`;

/** Sorted by when it happened, so that a late touch is found where it belongs. */
export function touchItem(partition: string, touch: Touch): Item {
  return {
    pk: partition,
    sk: `${TOUCH_PREFIX}${touch.at}#${touch.id}`,
    type: 'touch',
    version: 1,
    data: touch,
  };
}
