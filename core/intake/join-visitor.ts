import { countTouches } from '#core/engagement/count-touches.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Write } from '#core/ports/records.ts';
import { Person, personItem, personKey } from '#core/records/person.ts';
import { parsedAll, readExisting, untilWritten } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson, touchesOfVisitor } from '#core/records/touch.ts';
import { seenSince } from './apply-facts.ts';

type Deps = Pick<Hub, 'records' | 'playbook' | 'now'>;

/**
 * Each touch is one put and one removal, the person and their engagement are two more, and a
 * transaction takes a hundred writes.
 */
const TOUCHES_AT_A_TIME = 49;

/**
 * Gives a visitor's touches to the person the visitor turned out to be, back-dated to when they
 * happened. Doing it again, or going on after it was cut off, gives the same.
 */
export async function joinVisitor(
  deps: Deps,
  anonymousId: string,
  personId: string,
): Promise<void> {
  while (await untilWritten(() => joinSome(deps, anonymousId, personId)));
}

async function joinSome(deps: Deps, anonymousId: string, personId: string): Promise<boolean> {
  const { records } = deps;
  const { items } = await records.query({
    pk: touchesOfVisitor(anonymousId),
    prefix: TOUCH_PREFIX,
    limit: TOUCHES_AT_A_TIME,
  });
  if (items.length === 0) return false;
  const { data: person, version } = await readExisting(records, Person, personKey(personId));
  const touches = parsedAll(Touch, items);
  const seen = touches.reduce((one, { at, campaign, connection }) => {
    return seenSince(one, at, campaign?.source ?? connection);
  }, person);
  await records.write([
    ...items.flatMap((item) => moved(item, touchesOfPerson(personId))),
    ...(await countTouches(deps, personId, touches)),
    ...(seen === person ? [] : [{ put: personItem(seen, version + 1), if: { version } }]),
  ]);
  return true;
}

const moved = (item: Item, to: string): Write[] => [
  { put: { ...item, pk: to } },
  { remove: { pk: item.pk, sk: item.sk } },
];
