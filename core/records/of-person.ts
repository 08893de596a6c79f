import type * as z from 'zod';
import type { Query, Records } from '#core/ports/records.ts';
import { HANDOFF_PREFIX, Handoff } from './handoff.ts';
import { membersOf, type Person } from './person.ts';
import { parsedAll, readAll } from './store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from './touch.ts';

export type Whose = Pick<Person, 'id' | 'merged'>;

/** What lies in the partition of a person and of everybody for whom they stand, one after the other. */
export async function readOf<T>(
  records: Records,
  schema: z.ZodType<T>,
  person: Whose,
  range: Pick<Query, 'prefix' | 'between'>,
): Promise<T[]> {
  const parts = await Promise.all(
    membersOf(person).map((id) => readAll(records, schema, { pk: touchesOfPerson(id), ...range })),
  );
  return parts.flat();
}

/** All touches of a person from an instant on, in the order in which they happened. */
export async function readTouches(
  records: Records,
  person: Whose,
  from?: string,
): Promise<Touch[]> {
  const range =
    from === undefined
      ? { prefix: TOUCH_PREFIX }
      : { between: [`${TOUCH_PREFIX}${from}`, `${TOUCH_PREFIX}~`] as const };
  const touches = await readOf(records, Touch, person, range);
  if (person.merged === undefined) return touches;
  return touches.sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

const placeOf = ({ at, id }: Touch) => `${at}#${id}`;

/** The newest touches of a person, in the order in which they happened, and whether there are more. */
export async function readNewestTouches(
  records: Records,
  person: Whose,
  most: number,
): Promise<{ readonly touches: Touch[]; readonly more: boolean }> {
  const range = { prefix: TOUCH_PREFIX, descending: true, limit: most };
  const pages = await Promise.all(
    membersOf(person).map((id) => records.query({ pk: touchesOfPerson(id), ...range })),
  );
  const newest = pages
    .flatMap(({ items }) => items)
    .sort((one, other) => (one.sk > other.sk ? -1 : 1));
  const touches = parsedAll(Touch, newest.slice(0, most)).reverse();
  return { touches, more: newest.length > most || pages.some(({ next }) => next !== undefined) };
}

/** All hand-offs of a person, in the order in which they were made. */
export async function readHandoffs(records: Records, person: Whose): Promise<Handoff[]> {
  const handoffs = await readOf(records, Handoff, person, { prefix: HANDOFF_PREFIX });
  if (person.merged === undefined) return handoffs;
  return handoffs.sort((one, other) => (one.openedAt < other.openedAt ? -1 : 1));
}
