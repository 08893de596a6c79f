import type { Item, Records, Write } from '#core/ports/records.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { readExisting, untilWritten } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson, touchesOfVisitor } from '#core/records/touch.ts';
import { seenSince } from './apply-facts.ts';

/** Each touch is one put and one removal, and a transaction takes a hundred writes. */
const TOUCHES_AT_A_TIME = 49;

/**
 * Gives a visitor's touches to the person the visitor turned out to be, back-dated to when they
 * happened. Doing it again, or going on after it was cut off, gives the same.
 */
export async function joinVisitor(
  records: Records,
  anonymousId: string,
  personId: string,
): Promise<void> {
  while (await untilWritten(() => joinSome(records, anonymousId, personId)));
}

async function joinSome(records: Records, anonymousId: string, personId: string): Promise<boolean> {
  const { items } = await records.query({
    pk: touchesOfVisitor(anonymousId),
    prefix: TOUCH_PREFIX,
    limit: TOUCHES_AT_A_TIME,
  });
  if (items.length === 0) return false;
  const { data: person, version } = await readExisting(records, Person, personKey(personId));
  const seen = items
    .map((item) => Touch.parse(item.data))
    .reduce((one, { at, campaign, connection }) => {
      return seenSince(one, at, campaign?.source ?? connection);
    }, person);
  await records.write([
    ...items.flatMap((item) => moved(item, touchesOfPerson(personId))),
    ...(seen === person ? [] : [{ put: personItem(seen, version + 1), if: { version } }]),
  ]);
  return true;
}

const moved = (item: Item, to: string): Write[] => [
  { put: { ...item, pk: to } },
  { remove: { pk: item.pk, sk: item.sk } },
];
