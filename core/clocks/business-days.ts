import { DAY_MS, type Hours, type Interval, offsetSegments, workingTime } from './timeline.ts';

const LOOK_AHEAD_DAYS = 732;

/**
 * The same local time so many working days later, or the end of that day's hours if that is
 * earlier, or their start if that is later. The working days are counted after the local day of
 * the start, whether that is one itself or not: two business days after a Sunday is Tuesday.
 * Undefined when the calendar has no more working days within two years.
 *
 * A working day is a local day on which a span starts that absences leave something of.
 */
export function addBusinessDays(hours: Hours, from: number, days: number): number | undefined {
  const startDay = dayAround(hours, from) ?? Math.floor(wallClock(hours, from) / DAY_MS);
  const day = nthWorkingDay(hours, startDay + 1, days);
  if (day === undefined) return undefined;
  const sameTime = (day - startDay) * DAY_MS + wallClock(hours, from);
  return clip(workingTime(hours, day, day), realTime(hours, sameTime));
}

/** The local day whose hours (gaps included) the instant lies in; a night shift is yesterday's. */
function dayAround(hours: Hours, at: number): number | undefined {
  const today = Math.floor(wallClock(hours, at) / DAY_MS);
  return [today, today - 1].find((day) => {
    const intervals = workingTime(hours, day, day);
    const [first, last] = [intervals[0], intervals.at(-1)];
    return first !== undefined && last !== undefined && first[0] <= at && at < last[1];
  });
}

function nthWorkingDay(hours: Hours, firstDay: number, count: number): number | undefined {
  let left = count;
  let lastFound = firstDay;
  for (let day = firstDay; day - lastFound <= LOOK_AHEAD_DAYS; day += 1) {
    if (hours.spansOf(day).length === 0 || workingTime(hours, day, day).length === 0) continue;
    left -= 1;
    if (left === 0) return day;
    lastFound = day;
  }
  return undefined;
}

/**
 * What the local clocks show, in milliseconds as if they stood in UTC. In an hour that daylight
 * saving repeats it waits at the end of that hour, so that a later start never has an earlier due.
 */
export function wallClock({ timeZone }: Hours, at: number): number {
  const segments = offsetSegments(timeZone, at - DAY_MS, at + 1);
  return Math.max(...segments.map(({ end, offset }) => Math.min(end, at) + offset));
}

/** The first instant at which local clocks show this time or, where it is skipped, a later one. */
function realTime({ timeZone }: Hours, local: number): number {
  const segments = offsetSegments(timeZone, local - DAY_MS, local + DAY_MS);
  const within = segments.find(({ end, offset }) => local < end + offset);
  return within === undefined ? local : Math.max(within.start, local - within.offset);
}

/** The last working instant of the day that is not after the wanted one, or the day's first. */
function clip(intervals: readonly Interval[], wanted: number): number | undefined {
  const started = intervals.filter(([start]) => start <= wanted).at(-1);
  return started === undefined ? intervals[0]?.[0] : Math.min(wanted, started[1]);
}
