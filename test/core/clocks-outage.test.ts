import fc from 'fast-check';
import { calendarOf, workingMsBetween } from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { putOff, type Span, workingTimeLost } from '#core/clocks/outage.ts';

const day: [string, string][] = [
  ['09:00', '12:00'],
  ['13:00', '17:00'],
];
const berlin = calendarOf(
  CalendarDefinition.parse({
    timeZone: 'Europe/Berlin',
    hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
  }),
);
const at = (text: string) => Date.parse(text);
const span = (from: string, until: string): Span => ({ from: at(from), until: at(until) });

// Monday, 7 December 2026; Berlin is an hour ahead of UTC.
const WITHIN = span('2026-12-07T08:00:00Z', '2026-12-09T16:00:00Z');
const MINUTE_MS = 60_000;

test.each<[string, number, Span[]]>([
  ['in the morning', 30, [span('2026-12-07T09:00:00Z', '2026-12-07T09:30:00Z')]],
  ['at night', 0, [span('2026-12-07T20:00:00Z', '2026-12-08T04:00:00Z')]],
  ['at lunch', 0, [span('2026-12-07T11:00:00Z', '2026-12-07T12:00:00Z')]],
  ['over lunch', 60, [span('2026-12-07T10:30:00Z', '2026-12-07T12:30:00Z')]],
  ['before the clock', 30, [span('2026-12-07T07:00:00Z', '2026-12-07T08:30:00Z')]],
  [
    'that overlap',
    90,
    [
      span('2026-12-07T09:00:00Z', '2026-12-07T10:00:00Z'),
      span('2026-12-07T09:30:00Z', '2026-12-07T10:30:00Z'),
    ],
  ],
  [
    'of which one lies within the other',
    90,
    [
      span('2026-12-07T09:00:00Z', '2026-12-07T10:30:00Z'),
      span('2026-12-07T09:30:00Z', '2026-12-07T10:00:00Z'),
    ],
  ],
])('outages %s take %d minutes', (_, minutes, outages) => {
  expect(workingTimeLost(berlin, outages, WITHIN)).toBe(minutes * MINUTE_MS);
});

const WEEK = 7 * 24 * 60;
const Outage = fc
  .record({
    from: fc.integer({ min: -WEEK, max: WEEK }),
    minutes: fc.integer({ min: 0, max: WEEK }),
  })
  .map(({ from, minutes }): Span => {
    const start = WITHIN.from + from * MINUTE_MS;
    return { from: start, until: start + minutes * MINUTE_MS };
  });
const Outages = fc.array(Outage, { maxLength: 6 });

test('what is lost is never negative, never more than there was, and grows with each outage', () => {
  fc.assert(
    fc.property(Outages, Outage, (outages, more) => {
      const lost = workingTimeLost(berlin, outages, WITHIN);
      expect(lost).toBeGreaterThanOrEqual(0);
      expect(workingTimeLost(berlin, [...outages, more], WITHIN)).toBeGreaterThanOrEqual(lost);
      expect(lost).toBeLessThanOrEqual(workingMsBetween(berlin, WITHIN.from, WITHIN.until));
    }),
  );
});

test('the same outage twice counts once, in whatever order', () => {
  fc.assert(
    fc.property(Outages, (outages) => {
      const lost = workingTimeLost(berlin, outages, WITHIN);
      expect(workingTimeLost(berlin, [...outages, ...outages].reverse(), WITHIN)).toBe(lost);
    }),
  );
});

test('a deadline is put off by just the working time that was lost', () => {
  fc.assert(
    fc.property(Outages, (outages) => {
      const lost = workingTimeLost(berlin, outages, WITHIN);
      const deadline = new Date(WITHIN.until).toISOString();
      const moved = putOff(berlin, deadline, lost);
      expect(workingMsBetween(berlin, WITHIN.until, at(moved))).toBe(lost);
      if (lost === 0) expect(moved).toBe(deadline);
    }),
  );
});
