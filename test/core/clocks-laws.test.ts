import fc from 'fast-check';
import {
  addDuration,
  businessMinutesBetween,
  type Calendar,
  calendarOf,
  isWorkingTime,
} from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';

const ZONES = ['America/New_York', 'Europe/Berlin', 'Pacific/Auckland', 'Australia/Lord_Howe'];
const MINUTE = 60_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
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
  fc.record(Object.fromEntries(DAYS.map((weekday) => [weekday, day])));

/** Any week with some hours, around both changes of the clocks in every zone. */
const anyCalendar = fc
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
const anyInstant = fc
  .tuple(
    fc.constantFrom(...CHANGES),
    fc.oneof(fc.integer({ min: -4 * 1440, max: 4 * 1440 }), fc.integer({ min: -720, max: 720 })),
  )
  .map(([date, minutes]) => new Date(Date.parse(date) + minutes * MINUTE));
const anyMinutes = fc.integer({ min: 1, max: 4000 });

/** What the clocks on the wall say, asked of the platform rather than of our arithmetic. */
const formats = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
  ]),
);

function worksBySlowRule({ definition }: Calendar, at: Date): boolean {
  const shown = formats.get(definition.timeZone)?.format(at) ?? '';
  const [date = '', hhmm = ''] = shown.split(' ');
  const minute = minuteOf(hhmm);
  const yesterday = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  const isAway = definition.absences.some(({ from, to }) =>
    from.length === 10
      ? from <= date && date <= to
      : Date.parse(from) <= at.getTime() && at.getTime() < Date.parse(to),
  );
  return (
    !isAway && (covers(definition, date, minute) || covers(definition, yesterday, minute + 1440))
  );
}

const minuteOf = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3));

function covers({ hours, holidays }: CalendarDefinition, date: string, minute: number): boolean {
  if (holidays.includes(date)) return false;
  const spans = hours[DAYS[new Date(date).getUTCDay()] ?? 'sun'] ?? [];
  return spans.some(([from, to]) => {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    return start <= minute && minute < (end > start ? end : end + 1440);
  });
}

test('law: working time is when the clocks on the wall show a time within a span', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, (on, at) => {
      expect(isWorkingTime(on, at)).toBe(worksBySlowRule(on, at));
    }),
    { numRuns: 500 },
  );
});

test('law: the fast count of working minutes is the slow one', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, fc.integer({ min: 0, max: 3000 }), (on, from, length) => {
      const minutes = Array.from(
        { length },
        (_, index) => new Date(from.getTime() + index * MINUTE),
      );
      const slow = minutes.filter((minute) => worksBySlowRule(on, minute)).length;
      const to = new Date(from.getTime() + length * MINUTE);
      expect(businessMinutesBetween(on, from, to)).toBe(slow);
    }),
    { numRuns: 60 },
  );
});

test('law: adding and then measuring gives the amount', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, anyMinutes, (on, from, minutes) => {
      const due = addDuration(on, from, { kind: 'business', minutes });
      expect(businessMinutesBetween(on, from, due)).toBe(minutes);
    }),
    { numRuns: 500 },
  );
});

const anyDuration = fc.oneof(
  anyMinutes.map((minutes) => ({ kind: 'business', minutes }) as const),
  fc.integer({ min: 1, max: 5 }).map((days) => ({ kind: 'business-days', days }) as const),
);

test('law: what starts later is not due earlier; for business days, what starts in working time', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, anyInstant, anyDuration, (on, one, other, duration) => {
      const [first, second] = one < other ? [one, other] : [other, one];
      // A day from Friday evening is due by Monday's end, and from Saturday morning in its morning.
      if (duration.kind === 'business-days')
        fc.pre(isWorkingTime(on, first) && isWorkingTime(on, second));
      const due = addDuration(on, first, duration).getTime();
      expect(due).toBeLessThanOrEqual(addDuration(on, second, duration).getTime());
    }),
    { numRuns: 1500 },
  );
});

test('law: nothing is due before it starts, or outside working time', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, anyDuration, (on, from, duration) => {
      const due = addDuration(on, from, duration);
      const justBefore = new Date(due.getTime() - 1);
      expect(due.getTime()).toBeGreaterThan(from.getTime());
      expect(isWorkingTime(on, due) || isWorkingTime(on, justBefore)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
