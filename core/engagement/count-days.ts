import type { Records } from '#core/ports/records.ts';
import type { Whose } from '#core/records/of-person.ts';
import type { Touch } from '#core/records/touch.ts';
import { DAY_MS, scanWindowMs } from '#core/scoring/earning.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import { type Tally, tallyOf, withDays } from '#core/scoring/tally.ts';
import { touchesBetween } from './touches-between.ts';

interface Days {
  readonly person: Whose;
  /** Counted from 1970, UTC. */
  readonly days: readonly number[];
  /** Touches that are being written. */
  readonly more?: readonly Touch[] | undefined;
}

/** The tally with some days counted anew from their touches, and no other day read. */
export async function countDays(
  records: Records,
  model: ScoringModel,
  tally: Tally,
  { person, days, more = [] }: Days,
): Promise<Tally> {
  let next = tally;
  for (const day of new Set(days)) {
    const [fromMs, untilMs] = [day * DAY_MS - scanWindowMs(model), (day + 1) * DAY_MS - 1];
    const stored = await touchesBetween(records, person, fromMs, untilMs);
    const coming = more.filter(({ at }) => fromMs <= Date.parse(at) && Date.parse(at) <= untilMs);
    const fresh = tallyOf(model, [...stored, ...coming], tally.splitAt);
    next = withDays(next, [day], fresh);
  }
  return next;
}
