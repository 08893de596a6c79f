import type { Item, Records, Write } from '#core/ports/records.ts';
import { TOUCH_PREFIX, touchesOfPerson, touchesOfVisitor } from '#core/records/touch.ts';

/** Each touch is one put and one removal, and a transaction takes a hundred writes. */
const TOUCHES_AT_A_TIME = 50;

/**
 * Gives a visitor's touches to the person the visitor turned out to be, back-dated to when they
 * happened. Doing it again, or going on after it was cut off, gives the same.
 */
export async function joinVisitor(
  records: Records,
  anonymousId: string,
  personId: string,
): Promise<void> {
  const from = touchesOfVisitor(anonymousId);
  for (;;) {
    const { items } = await records.query({
      pk: from,
      prefix: TOUCH_PREFIX,
      limit: TOUCHES_AT_A_TIME,
    });
    if (items.length === 0) return;
    await records.write(items.flatMap((item) => moved(item, touchesOfPerson(personId))));
  }
}

const moved = (item: Item, to: string): Write[] => [
  { put: { ...item, pk: to } },
  { remove: { pk: item.pk, sk: item.sk } },
];
