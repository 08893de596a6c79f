import fc from 'fast-check';
import {
  addDuration,
  addWorkingMs,
  businessMinutesBetween,
  type Calendar,
  isWorkingTime,
  subtractWorkingMs,
  workingMsBetween,
} from '#core/clocks/business-time.ts';
import type { CalendarDefinition } from '#core/clocks/calendar.ts';
import { anyCalendar, anyInstant, anyMinutes, ZONES } from '#test/support/any-calendar.ts';

const MINUTE = 60_000;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** What the clocks on the wall say, asked of the platform rather than of our arithmetic. */
const formats = new Map<string, Intl.DateTimeFormat>(
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

test('law: adding and then subtracting returns; within a span to the very instant', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, anyMinutes, (on, from, minutes) => {
      const start = from.getTime();
      const back = subtractWorkingMs(
        on,
        addWorkingMs(on, start, minutes * MINUTE),
        minutes * MINUTE,
      );
      expect(workingMsBetween(on, back, start)).toBe(0);
      const within = isWorkingTime(on, from) && isWorkingTime(on, new Date(start - 1));
      if (within) expect(back).toBe(start);
      else expect(back).toBeLessThanOrEqual(start);
    }),
    { numRuns: 250 },
  );
});

test('law: subtracting and then adding returns to the same end of a span, or within it', () => {
  fc.assert(
    fc.property(anyCalendar, anyInstant, anyMinutes, (on, from, minutes) => {
      const end = from.getTime();
      const start = subtractWorkingMs(on, end, minutes * MINUTE);
      expect(workingMsBetween(on, start, end)).toBe(minutes * MINUTE);
      expect(workingMsBetween(on, addWorkingMs(on, start, minutes * MINUTE), end)).toBe(0);
    }),
    { numRuns: 250 },
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
