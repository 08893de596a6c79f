import type { Records } from '#core/ports/records.ts';
import { readOf, type Whose } from '#core/records/of-person.ts';
import { TOUCH_PREFIX, Touch } from '#core/records/touch.ts';

/** A person's touches from one instant to another, both included. */
export function touchesBetween(
  records: Records,
  person: Whose,
  fromMs: number,
  untilMs: number,
): Promise<Touch[]> {
  const at = (ms: number) => `${TOUCH_PREFIX}${new Date(ms).toISOString()}`;
  const between = [at(fromMs), `${at(untilMs)}~`] as const;
  return readOf(records, Touch, person, { between });
}
