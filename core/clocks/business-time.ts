import { Temporal } from 'temporal-polyfill';
import { HubError } from '#core/errors.ts';
import { addBusinessDays } from './business-days.ts';
import type { Absence, CalendarDefinition } from './calendar.ts';
import type { Duration } from './duration.ts';
import { DAY_MS, type Hours, readHours, workingTime } from './timeline.ts';

const CHUNK_DAYS = 64;
const CHUNK_MS = CHUNK_DAYS * DAY_MS;
/** Two years, in chunks: longer than any leave, short enough to answer at once. */
const EMPTY_CHUNKS_AT_MOST = Math.ceil(732 / CHUNK_DAYS);

/** Sixty-four days of working time, with the sum of what lies before each interval. */
interface Chunk {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly before: readonly number[];
  readonly total: number;
}

/** A definition ready for arithmetic: compiled as far as it has been asked for. */
export interface Calendar {
  readonly definition: CalendarDefinition;
  readonly hours: Hours;
  readonly chunks: Map<number, Chunk>;
}

const NO_ABSENCES: readonly Absence[] = [];
/** Compiled once per definition and list of absences: each lead asks for the same few. */
const known = new WeakMap<CalendarDefinition, WeakMap<readonly Absence[], Calendar>>();

/** The calendar of a definition, less what one person is away on top. */
export function calendarOf(
  definition: CalendarDefinition,
  extraAbsences: readonly Absence[] = NO_ABSENCES,
): Calendar {
  const byAbsences = known.get(definition) ?? new WeakMap<readonly Absence[], Calendar>();
  known.set(definition, byAbsences);
  const found = byAbsences.get(extraAbsences);
  if (found !== undefined) return found;
  const hours = readHours(definition, [...definition.absences, ...extraAbsences]);
  const calendar: Calendar = { definition, hours, chunks: new Map() };
  byAbsences.set(extraAbsences, calendar);
  return calendar;
}

function chunkOf(calendar: Calendar, index: number): Chunk {
  const found = calendar.chunks.get(index);
  if (found !== undefined) return found;
  const chunk = compile(calendar.hours, index);
  calendar.chunks.set(index, chunk);
  return chunk;
}

/** Days start in UTC up to a day before or after, and a span of the day before may reach in. */
function compile(hours: Hours, index: number): Chunk {
  const first = index * CHUNK_DAYS;
  const from = first * DAY_MS;
  const until = from + CHUNK_MS;
  const starts: number[] = [];
  const ends: number[] = [];
  const before: number[] = [];
  let total = 0;
  for (const [start, end] of workingTime(hours, first - 3, first + CHUNK_DAYS + 1)) {
    const clippedStart = Math.max(start, from);
    const clippedEnd = Math.min(end, until);
    if (clippedStart >= clippedEnd) continue;
    starts.push(clippedStart);
    ends.push(clippedEnd);
    before.push(total);
    total += clippedEnd - clippedStart;
  }
  return { starts, ends, before, total };
}

/** How many of the sorted numbers are not above the limit. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The working time between the start of the chunk and an instant. */
function workedBefore(chunk: Chunk, at: number): number {
  const index = countUpTo(chunk.starts, at) - 1;
  const start = chunk.starts[index];
  if (start === undefined) return 0;
  return (chunk.before[index] ?? 0) + Math.min(at, chunk.ends[index] ?? at) - start;
}

/** The first instant at which so much of the chunk's working time is over. */
function instantAfter(chunk: Chunk, worked: number): number {
  // The interval in which it ends: so an exact fit is the end of a span, not the next start.
  const index = Math.max(0, countUpTo(chunk.before, worked - 1e-6) - 1);
  return (chunk.starts[index] ?? 0) + worked - (chunk.before[index] ?? 0);
}

/** The instant at which so many milliseconds of working time have passed; more than none. */
export function addWorkingMs(calendar: Calendar, from: number, ms: number): number {
  let index = Math.floor(from / CHUNK_MS);
  let chunk = chunkOf(calendar, index);
  let target = workedBefore(chunk, from) + ms;
  let empty = 0;
  while (target > chunk.total) {
    target -= chunk.total;
    index += 1;
    chunk = chunkOf(calendar, index);
    empty = chunk.total === 0 ? empty + 1 : 0;
    if (empty > EMPTY_CHUNKS_AT_MOST) throw noWorkingTime(calendar, from, 'after');
  }
  return instantAfter(chunk, target);
}

/**
 * The instant from which so many milliseconds of working time have passed until then; more than
 * none. Of the instants for which that is true it answers the end of a span, as adding does.
 */
export function subtractWorkingMs(calendar: Calendar, from: number, ms: number): number {
  let index = Math.floor(from / CHUNK_MS);
  let chunk = chunkOf(calendar, index);
  let target = workedBefore(chunk, from) - ms;
  let empty = 0;
  while (target <= 0) {
    index -= 1;
    chunk = chunkOf(calendar, index);
    target += chunk.total;
    empty = chunk.total === 0 ? empty + 1 : 0;
    if (empty > EMPTY_CHUNKS_AT_MOST) throw noWorkingTime(calendar, from, 'before');
  }
  return instantAfter(chunk, target);
}

/** Working time between two instants in milliseconds; negative when they are the other way round. */
export function workingMsBetween(calendar: Calendar, from: number, to: number): number {
  if (to < from) return -workingMsBetween(calendar, to, from);
  const last = Math.floor(to / CHUNK_MS);
  let index = Math.floor(from / CHUNK_MS);
  let sum = -workedBefore(chunkOf(calendar, index), from);
  for (; index < last; index += 1) sum += chunkOf(calendar, index).total;
  return sum + workedBefore(chunkOf(calendar, last), to);
}

function noWorkingTime(calendar: Calendar, from: number, side: 'before' | 'after'): HubError {
  const day = new Date(from).toISOString().slice(0, 10);
  return new HubError(
    'config',
    'calendar_without_working_time',
    `The calendar (${calendar.hours.timeZone}) has no working time in the two years ${side} ${day}. ` +
      'Give it hours, or shorten its holidays and absences.',
  );
}

/**
 * When something that may take so long is due. Working time that is used up at the end of a span
 * is due at that end, not at the next start. Days and months of plain time are local ones.
 */
export function addDuration(calendar: Calendar, from: Date, duration: Duration): Date {
  switch (duration.kind) {
    case 'business':
      return new Date(
        addWorkingMs(calendar, from.getTime(), Math.round(duration.minutes * 60_000)),
      );
    case 'business-days': {
      const due = addBusinessDays(calendar.hours, from.getTime(), duration.days);
      if (due === undefined) throw noWorkingTime(calendar, from.getTime(), 'after');
      return new Date(due);
    }
    case 'plain': {
      const start = Temporal.Instant.fromEpochMilliseconds(from.getTime());
      const due = start.toZonedDateTimeISO(calendar.hours.timeZone).add(duration.iso);
      return new Date(due.epochMilliseconds);
    }
    default:
      return duration satisfies never;
  }
}

/** Minutes of working time between two instants; negative when they are the other way round. */
export function businessMinutesBetween(calendar: Calendar, from: Date, to: Date): number {
  return workingMsBetween(calendar, from.getTime(), to.getTime()) / 60_000;
}

/** Whether somebody with this calendar works at this instant; the end of a span is free time. */
export function isWorkingTime(calendar: Calendar, at: Date): boolean {
  const instant = at.getTime();
  const chunk = chunkOf(calendar, Math.floor(instant / CHUNK_MS));
  const index = countUpTo(chunk.starts, instant) - 1;
  return instant < (chunk.ends[index] ?? Number.NEGATIVE_INFINITY);
}
