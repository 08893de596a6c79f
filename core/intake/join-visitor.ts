import { countTouches } from '#core/engagement/count-touches.ts';
import { followExisting } from '#core/identity/merge/follow.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item, Write } from '#core/ports/records.ts';
import { type Person, personItem } from '#core/records/person.ts';
import { parsedAll, untilWritten } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson, touchesOfVisitor } from '#core/records/touch.ts';
import { seenSince } from './apply-facts.ts';
import { leafOf, leafWrite } from './person-writes.ts';

type Deps = Pick<Hub, 'records' | 'playbook' | 'now'>;

/**
 * Each touch is one put and one removal, the person and their engagement are two or three more, and a
 * transaction takes a hundred writes.
 */
const TOUCHES_AT_A_TIME = 48;

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
  const root = await followExisting(records, personId);
  const touches = parsedAll(Touch, items);
  const { data: person, version } = root;
  const seen = seenWith(person, touches);
  const leaf = await leafOf(records, root, personId);
  const own = leaf && seenWith(leaf.stored.data, touches);
  await records.write([
    ...items.flatMap((item) => moved(item, touchesOfPerson(personId))),
    ...(await countTouches(deps, person, touches)),
    ...(seen === person ? [] : [{ put: personItem(seen, version + 1), if: { version } }]),
    ...(leaf === undefined || own === undefined || own === leaf.stored.data
      ? []
      : [leafWrite(leaf, own)]),
  ]);
  return true;
}

const seenWith = (person: Person, touches: readonly Touch[]): Person =>
  touches.reduce(
    (one, { at, campaign, connection }) => seenSince(one, at, campaign?.source ?? connection),
    person,
  );

const moved = (item: Item, to: string): Write[] => [
  { put: { ...item, pk: to } },
  { remove: { pk: item.pk, sk: item.sk } },
];
