import { Temporal } from 'temporal-polyfill';
import { HubError } from '#core/errors.ts';
import {
  type Absence,
  type CalendarDefinition,
  isWholeDays,
  readSpan,
  WEEKDAYS,
} from './calendar.ts';

export const DAY_MS = 86_400_000;

/** Half open, in milliseconds. */
export type Interval = readonly [start: number, end: number];

/** A stretch of time in which the zone's offset from UTC does not change. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** The working hours of a calendar, by local day; a day is counted from 1970-01-01. */
export interface Hours {
  readonly timeZone: string;
  readonly absences: readonly Absence[];
  /** The spans that start on the day, in milliseconds after its midnight. */
  spansOf(day: number): readonly Interval[];
}

const dayOf = (date: string) => Date.parse(date) / DAY_MS;

function inMs(span: [string, string]): Interval {
  const [start, end] = readSpan(span);
  return [start * 60_000, end * 60_000];
}

/** Reads a definition once, so that asking for a day is a look-up. */
export function readHours(definition: CalendarDefinition, absences: readonly Absence[]): Hours {
  const week = WEEKDAYS.map((weekday) => (definition.hours[weekday] ?? []).map(inMs));
  const special = new Map<number, readonly Interval[]>();
  for (const [date, spans] of Object.entries(definition.halfDays)) {
    special.set(dayOf(date), spans.map(inMs));
  }
  for (const holiday of definition.holidays) {
    if (typeof holiday !== 'string') throw neverLookedUp(holiday.country);
    special.set(dayOf(holiday), []);
  }
  return {
    timeZone: definition.timeZone,
    absences,
    // 1970-01-01 was a Thursday.
    spansOf: (day) => special.get(day) ?? week[(((day + 4) % 7) + 7) % 7] ?? [],
  };
}

function neverLookedUp(country: string): HubError {
  return new HubError(
    'defect',
    'holidays_not_looked_up',
    `A calendar names the holidays of ${country}, and nobody looked up their dates.`,
  );
}

/** The offsets in force between two instants, first to last. */
export function offsetSegments(timeZone: string, start: number, end: number): Segment[] {
  const segments: Segment[] = [];
  let from = start;
  while (from < end) {
    const at = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone);
    const next = at.getTimeZoneTransition('next')?.epochMilliseconds ?? end;
    const until = Math.min(next, end);
    segments.push({ start: from, end: until, offset: at.offsetNanoseconds / 1e6 });
    from = until;
  }
  return segments;
}

/**
 * The real time in which local clocks show a time within the interval: an hour that daylight
 * saving repeats comes back twice, one that it skips not at all.
 */
function toReal([start, end]: Interval, segments: readonly Segment[]): Interval[] {
  const real: Interval[] = [];
  for (const segment of segments) {
    const from = Math.max(start - segment.offset, segment.start);
    const to = Math.min(end - segment.offset, segment.end);
    if (from < to) real.push([from, to]);
  }
  return real;
}

/** Sorted, without overlaps and seams. */
function merge(intervals: Interval[]): Interval[] {
  const merged: [number, number][] = [];
  for (const [start, end] of intervals.toSorted((one, other) => one[0] - other[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** What is left of the intervals outside the holes; both are merged lists. */
function subtract(intervals: Interval[], holes: Interval[]): Interval[] {
  let left = intervals;
  for (const [from, to] of holes) {
    left = left.flatMap(([start, end]): Interval[] => {
      if (to <= start || end <= from) return [[start, end]];
      const parts: Interval[] = [
        [start, from],
        [to, end],
      ];
      return parts.filter((part) => part[0] < part[1]);
    });
  }
  return left;
}

/** A local day starts at most 26 hours from the same day in UTC, and a span may last two days. */
const MARGIN_DAYS = 3;

/** The working time that spans starting on these days give, absences taken out. */
export function workingTime(hours: Hours, firstDay: number, lastDay: number): Interval[] {
  const from = (firstDay - MARGIN_DAYS) * DAY_MS;
  const to = (lastDay + 1 + MARGIN_DAYS) * DAY_MS;
  const segments = offsetSegments(hours.timeZone, from, to);
  const spans: Interval[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    for (const [start, end] of hours.spansOf(day)) {
      spans.push(...toReal([day * DAY_MS + start, day * DAY_MS + end], segments));
    }
  }
  const absent = hours.absences.flatMap((absence) => absentTime(absence, segments));
  return subtract(merge(spans), merge(absent));
}

/** The real time of an absence, as far as the segments reach. */
export function absentTime(absence: Absence, segments: readonly Segment[]): Interval[] {
  return isWholeDays(absence)
    ? toReal([Date.parse(absence.from), Date.parse(absence.to) + DAY_MS], segments)
    : [[Date.parse(absence.from), Date.parse(absence.to)]];
}
