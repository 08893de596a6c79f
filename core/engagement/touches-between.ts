import type { Records } from '#core/ports/records.ts';
import { readAll } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from '#core/records/touch.ts';

/** A person's touches from one instant to another, both included. */
export function touchesBetween(
  records: Records,
  personId: string,
  fromMs: number,
  untilMs: number,
): Promise<Touch[]> {
  const at = (ms: number) => `${TOUCH_PREFIX}${new Date(ms).toISOString()}`;
  const between = [at(fromMs), `${at(untilMs)}~`] as const;
  return readAll(records, Touch, { pk: touchesOfPerson(personId), between });
}
