import { wallClock } from '#core/clocks/business-days.ts';
import type { Calendar } from '#core/clocks/business-time.ts';
import type { Absence } from '#core/clocks/calendar.ts';
import {
  absentTime,
  DAY_MS,
  type Hours,
  offsetSegments,
  readHours,
  workingTime,
} from '#core/clocks/timeline.ts';
import type { Salesperson } from '#core/people.ts';

/** Beyond this the next working day is too far off to be a reason for anything. */
const LOOK_AHEAD_DAYS = 31;

/**
 * Whether a salesperson is away, so that no lead is given to them: an absence is going on now, or
 * it covers all that is left of today's hours, or all hours of the next working day. The last one
 * keeps a lead from waiting through a leave because it came in the evening before: what is given
 * today is worked by the next working day.
 *
 * Nights, weekends and holidays are no absence. `calendar` may contain the absences or not.
 */
export function isAbsent(
  salesperson: Pick<Salesperson, 'absences'>,
  calendar: Calendar,
  now: Date,
): boolean {
  const { definition } = calendar;
  const at = now.getTime();
  const absences = [...definition.absences, ...salesperson.absences].filter(isNear(at));
  if (absences.length === 0) return false;
  const present = readHours(definition, []);
  const own = readHours(definition, absences);
  if (isAway(own, at)) return true;

  const today = Math.floor(wallClock(own, at) / DAY_MS);
  const misses = (firstDay: number, lastDay: number) =>
    hasTimeAfter(present, firstDay, lastDay, at) && !hasTimeAfter(own, firstDay, lastDay, at);
  // A night shift that is still going on started yesterday.
  if (misses(today - 1, today)) return true;
  const next = nextDayWithHours(present, today);
  return next !== undefined && misses(next, next);
}

/** What lies within the days that are looked at; somebody's calendar may hold years. */
const isNear =
  (at: number) =>
  ({ from, to }: Absence): boolean =>
    Date.parse(from) <= at + (LOOK_AHEAD_DAYS + 3) * DAY_MS && Date.parse(to) >= at - 3 * DAY_MS;

function isAway({ absences, timeZone }: Hours, at: number): boolean {
  const moment = offsetSegments(timeZone, at, at + 1);
  return absences
    .flatMap((absence) => absentTime(absence, moment))
    .some(([start, end]) => start <= at && at < end);
}

const hasTimeAfter = (hours: Hours, firstDay: number, lastDay: number, at: number) =>
  workingTime(hours, firstDay, lastDay).some(([, end]) => end > at);

function nextDayWithHours(hours: Hours, today: number): number | undefined {
  const days = Array.from({ length: LOOK_AHEAD_DAYS }, (_, index) => today + 1 + index);
  return days.find((day) => hours.spansOf(day).length > 0);
}
