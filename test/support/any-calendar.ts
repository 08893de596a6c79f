import fc from 'fast-check';
import { calendarOf } from '#core/clocks/business-time.ts';
import { CalendarDefinition, WEEKDAYS } from '#core/clocks/calendar.ts';

/** Both halves of the world, a half-hour change, and none. */
export const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Pacific/Auckland',
  'Australia/Lord_Howe',
] as const;

const MINUTE_MS = 60_000;
const clockTime = (quarter: number) =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;

/** Up to two spans between two times of day, in quarters of an hour. */
const spansBetween = (min: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { maxLength: 4 })
    .map((quarters) => quarters.toSorted((one, other) => one - other).map(clockTime))
    .map(([a, b, c, d]) => [...(a && b ? [[a, b]] : []), ...(c && d ? [[c, d]] : [])]);
const night = fc
  .tuple(fc.integer({ min: 80, max: 95 }), fc.integer({ min: 0, max: 24 }))
  .map(([from, to]) => [[clockTime(from), clockTime(to)]]);
const dayOrNightShifts = fc
  .tuple(spansBetween(24, 80), fc.option(night, { nil: [] }))
  .map(([day, shift]) => [...day, ...shift]);
const weekOf = (day: fc.Arbitrary<string[][]>) =>
  fc.record(Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, day])));

/** Any week with some hours, around both changes of the clocks in every zone. */
export const anyCalendar = fc
  .record({
    timeZone: fc.constantFrom(...ZONES),
    hours: fc.oneof(weekOf(spansBetween(0, 96)), weekOf(dayOrNightShifts)),
    holidays: fc.constantFrom([], ['2026-03-08', '2026-11-01'], ['2026-04-05', '2026-09-27']),
    absences: fc.constantFrom(
      [],
      [{ from: '2026-03-28', to: '2026-03-29' }],
      [{ from: '2026-10-31T20:15:00Z', to: '2026-11-01T09:45:00Z' }],
    ),
  })
  .filter(({ hours }) => Object.values(hours).some((spans) => spans.length > 0))
  .map((definition) => calendarOf(CalendarDefinition.parse(definition)));

const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-09-27',
  '2026-10-04',
  '2026-11-01',
];

/** Half of them in the night of a change, in which local clocks are hardest to follow. */
export const anyInstant = fc
  .tuple(
    fc.constantFrom(...CHANGES),
    fc.oneof(fc.integer({ min: -4 * 1440, max: 4 * 1440 }), fc.integer({ min: -720, max: 720 })),
  )
  .map(([date, minutes]) => new Date(Date.parse(date) + minutes * MINUTE_MS));

export const anyMinutes = fc.integer({ min: 1, max: 4000 });
