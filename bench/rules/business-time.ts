import { readFileSync } from 'node:fs';
import { addDuration, addWorkingMs, calendarOf } from '#core/clocks/business-time.ts';
import { type CalendarDefinition, Calendars, readSpan, WEEKDAYS } from '#core/clocks/calendar.ts';
import { DAY_MS, readHours, workingTime } from '#core/clocks/timeline.ts';
import type { Effort } from '../benchmark.ts';
import { inTurns } from '../measure/rounds.ts';
import { figure } from '../measure/samples.ts';
import { mustAgree, ratePerSecond } from './rate.ts';

const FOUR_HOURS_MS = 4 * 3_600_000;
const MINUTE_MS = 60_000;
const START = Date.parse('2026-01-01T00:00:00Z');

/** "Due in four business hours" in New York, holidays and changes of the clock included. */
export async function businessTime(effort: Effort, seconds: number) {
  const definition = newYork();
  const calendar = calendarOf(definition);
  // A year of instants by a stride that shares no factor with a day or a week.
  const instants = Array.from({ length: 1000 }, (_, index) => START + index * 31_527_011);
  const duration = { kind: 'business', minutes: 240 } as const;
  const compiled = (at: number) => addDuration(calendar, new Date(at), duration).getTime();
  const bare = (at: number) => addWorkingMs(calendar, at, FOUR_HOURS_MS);
  const table = plainTable(definition);
  const intl = intlPerCall(definition);
  mustAgree(instants, compiled, table);
  mustAgree(instants.slice(0, 200), compiled, intl);
  const taken = await inTurns(effort, {
    intl: async () => ratePerSecond(instants, seconds, intl),
    table: async () => ratePerSecond(instants, seconds, table),
    bare: async () => ratePerSecond(instants, seconds, bare),
    compiled: async () => ratePerSecond(instants, seconds, compiled),
  });
  const aim = { text: '≥ 1/3', holds: (ratio: number) => ratio >= 1 / 3 };
  return [
    figure({
      what: 'four business hours added to a date',
      unit: '/s',
      samples: taken.compiled,
      bound: { what: 'Intl per call', samples: taken.intl },
      aim,
    }),
    figure({
      what: 'the same, instants as numbers',
      unit: '/s',
      samples: taken.bare,
      bound: { what: 'table of intervals', samples: taken.table },
      aim,
    }),
  ];
}

function newYork(): CalendarDefinition {
  const calendars = Calendars.parse(
    JSON.parse(readFileSync('workflows/definitions/calendars.json', 'utf8')),
  );
  const found = Object.values(calendars).find(({ timeZone }) => timeZone === 'America/New_York');
  if (found === undefined) throw new Error('No shipped calendar is of New York.');
  return { ...found, holidays: found.holidays.filter((one) => typeof one === 'string') };
}

/** All intervals of two years in UTC with what lies before each; one search forth, one back. */
function plainTable(definition: CalendarDefinition): (at: number) => number {
  const first = Math.floor(START / DAY_MS) - 30;
  const intervals = workingTime(readHours(definition, definition.absences), first, first + 800);
  const starts = Float64Array.from(intervals, ([start]) => start);
  const before = new Float64Array(intervals.length);
  let sum = 0;
  for (const [index, [start, end]] of intervals.entries()) {
    before[index] = sum;
    sum += end - start;
  }
  const last = (sorted: Float64Array, limit: number) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return (at) => {
    const from = last(starts, at);
    const end = intervals[from]?.[1] ?? 0;
    const worked = (before[from] ?? 0) + Math.min(at, end) - (starts[from] ?? 0);
    const target = worked + FOUR_HOURS_MS;
    const until = last(before, target - 1e-6);
    return (starts[until] ?? 0) + target - (before[until] ?? 0);
  };
}

/** Without preparation: the local time is asked of Intl again and again, day by day. */
function intlPerCall({ timeZone, hours, holidays }: CalendarDefinition): (at: number) => number {
  const closed = new Set(holidays);
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  /** The local time as if it were UTC. */
  const localOf = (at: number) => {
    const [month = 0, day = 0, year = 0, hour, minute, second] = (
      format.format(at).match(/\d+/g) ?? []
    ).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) + (at % 1000);
  };
  const utcOf = (local: number) => {
    const guess = local - (localOf(local) - local);
    return guess - (localOf(guess) - local);
  };
  /** The spans of a local day, from the first to the last; none on a holiday. */
  const spansOf = (midnight: number) => {
    const date = new Date(midnight);
    if (closed.has(date.toISOString().slice(0, 10))) return [];
    return (hours[WEEKDAYS[date.getUTCDay()] ?? 'sun'] ?? []).map(readSpan);
  };
  return (at) => {
    let left = FOUR_HOURS_MS;
    for (let local = localOf(at); ; local += DAY_MS - (local % DAY_MS)) {
      const midnight = local - (local % DAY_MS);
      for (const [start, end] of spansOf(midnight)) {
        const from = Math.max(local, midnight + start * MINUTE_MS);
        const room = Math.max(0, midnight + end * MINUTE_MS - from);
        if (room > 0 && left <= room) return utcOf(from + left);
        left -= room;
      }
    }
  };
}
