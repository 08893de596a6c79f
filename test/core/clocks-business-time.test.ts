import {
  addDuration,
  businessMinutesBetween,
  type Calendar,
  calendarOf,
} from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { parseDuration } from '#core/clocks/duration.ts';
import { isHubError } from '#core/errors.ts';

const NINE_TO_FIVE: [string, string][] = [['09:00', '17:00']];
const WEEK = {
  mon: NINE_TO_FIVE,
  tue: NINE_TO_FIVE,
  wed: NINE_TO_FIVE,
  thu: NINE_TO_FIVE,
  fri: NINE_TO_FIVE,
};

function calendar(definition: Partial<Record<keyof CalendarDefinition, unknown>> = {}): Calendar {
  return calendarOf(
    CalendarDefinition.parse({ timeZone: 'America/New_York', hours: WEEK, ...definition }),
  );
}

const add = (on: Calendar, from: string, duration: string) =>
  addDuration(on, new Date(from), parseDuration(duration)).toISOString();

const newYork = calendar();
const split = calendar({
  hours: {
    mon: [
      ['09:00', '12:30'],
      ['13:30', '17:30'],
    ],
    tue: NINE_TO_FIVE,
  },
});
const holidays = calendar({
  holidays: ['2026-11-26'],
  halfDays: { '2026-11-27': [['09:00', '13:00']] },
});
const away = calendar({ absences: [{ from: '2026-11-23', to: '2026-11-24' }] });
const atTheDentist = calendar({
  absences: [{ from: '2026-11-23T15:00:00Z', to: '2026-11-23T17:00:00Z' }],
});
const nights = calendar({
  hours: { mon: [['22:00', '06:00']], tue: [['22:00', '06:00']] },
  holidays: ['2026-11-24'],
});
const around = calendar({
  hours: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['00:00', '24:00']]]),
  ),
});
const earlySunday = (timeZone: string) =>
  calendar({ timeZone, hours: { sun: [['00:00', '06:00']], mon: NINE_TO_FIVE } });

// New York is five hours behind UTC in winter; 2026-11-23 is a Monday.
test.each([
  ['within a span', newYork, '2026-11-23T15:00Z', '2 business hours', '2026-11-23T17:00Z'],
  [
    'a span used up is due at its end',
    newYork,
    '2026-11-23T15:00Z',
    '7 business hours',
    '2026-11-23T22:00Z',
  ],
  [
    'one minute more is due in the morning',
    newYork,
    '2026-11-23T15:00Z',
    '421 business minutes',
    '2026-11-24T14:01Z',
  ],
  ['from the evening on', newYork, '2026-11-23T23:00Z', '1 business hour', '2026-11-24T15:00Z'],
  ['from a Saturday on', newYork, '2026-11-21T15:00Z', '30 business minutes', '2026-11-23T14:30Z'],
  ['over a weekend', newYork, '2026-11-20T21:00Z', '4 business hours', '2026-11-23T17:00Z'],
  ['over lunch', split, '2026-11-23T17:00Z', '1 business hour', '2026-11-23T19:00Z'],
  ['up to lunch', split, '2026-11-23T17:00Z', '30 business minutes', '2026-11-23T17:30Z'],
  ['over Thanksgiving', holidays, '2026-11-25T21:00Z', '2 business hours', '2026-11-27T15:00Z'],
  [
    'over the half day after it',
    holidays,
    '2026-11-27T17:00Z',
    '2 business hours',
    '2026-11-30T15:00Z',
  ],
  [
    'over an absence of days, both included',
    away,
    '2026-11-20T21:00Z',
    '2 business hours',
    '2026-11-25T15:00Z',
  ],
  [
    'over an absence of hours',
    atTheDentist,
    '2026-11-23T14:30Z',
    '1 business hour',
    '2026-11-23T17:30Z',
  ],
  [
    'a night shift runs into the holiday after it',
    nights,
    '2026-11-24T03:00Z',
    '8 business hours',
    '2026-11-24T11:00Z',
  ],
  [
    'no night shift starts on a holiday',
    nights,
    '2026-11-24T12:00Z',
    '1 business hour',
    '2026-12-01T04:00Z',
  ],
  ['plain time does not stop at night', newYork, '2026-11-23T23:00Z', 'PT4H', '2026-11-24T03:00Z'],
  ['a plain day is a local one', newYork, '2026-10-31T16:00Z', 'P1D', '2026-11-01T17:00Z'],
  [
    'an hour that is repeated counts twice',
    earlySunday('America/New_York'),
    '2026-11-01T05:30Z',
    '2 business hours',
    '2026-11-01T07:30Z',
  ],
  [
    'an hour that is skipped counts never',
    earlySunday('America/New_York'),
    '2026-03-08T06:00Z',
    '5 business hours',
    '2026-03-09T14:00Z',
  ],
  [
    'a span that is skipped counts never',
    calendar({ hours: { sun: [['02:00', '03:00']] } }),
    '2026-03-08T05:00Z',
    '1 business minute',
    '2026-03-15T06:01Z',
  ],
  [
    'the same in Berlin',
    earlySunday('Europe/Berlin'),
    '2026-03-29T00:30Z',
    '2 business hours',
    '2026-03-29T02:30Z',
  ],
  [
    'the same in Auckland',
    earlySunday('Pacific/Auckland'),
    '2026-04-04T11:00Z',
    '7 business hours',
    '2026-04-04T18:00Z',
  ],
  [
    'half an hour on Lord Howe',
    earlySunday('Australia/Lord_Howe'),
    '2026-04-04T13:00Z',
    '390 business minutes',
    '2026-04-04T19:30Z',
  ],
])('%s', (_, on, from, duration, due) => {
  expect(add(on, from, duration)).toBe(new Date(due).toISOString());
});

test.each([
  [
    'the same time two days on',
    newYork,
    '2026-11-23T15:20Z',
    '2 business days',
    '2026-11-25T15:20Z',
  ],
  ['over a weekend', newYork, '2026-11-20T15:20Z', '1 business day', '2026-11-23T15:20Z'],
  ['over a holiday', holidays, '2026-11-25T15:20Z', '1 business day', '2026-11-27T15:20Z'],
  [
    'the end of a half day if that is earlier',
    holidays,
    '2026-11-25T20:00Z',
    '1 business day',
    '2026-11-27T18:00Z',
  ],
  [
    'from the evening: the end of the next day',
    newYork,
    '2026-11-23T23:00Z',
    '1 business day',
    '2026-11-24T22:00Z',
  ],
  [
    'from the early morning: the start of the next day',
    newYork,
    '2026-11-23T11:00Z',
    '1 business day',
    '2026-11-24T14:00Z',
  ],
  [
    'from a Saturday: the same time on Monday',
    newYork,
    '2026-11-21T15:00Z',
    '1 business day',
    '2026-11-23T15:00Z',
  ],
  ['two days from a Sunday', newYork, '2026-11-22T20:00Z', '2 business days', '2026-11-24T20:00Z'],
  [
    'from lunch to where there is none',
    split,
    '2026-11-23T18:00Z',
    '1 business day',
    '2026-11-24T18:00Z',
  ],
  [
    'from a morning into lunch: its start',
    split,
    '2026-11-17T18:00Z',
    '1 business day',
    '2026-11-23T17:30Z',
  ],
  [
    'an absent day is no working day',
    away,
    '2026-11-20T15:20Z',
    '1 business day',
    '2026-11-25T15:20Z',
  ],
  [
    'the same local time in winter time',
    newYork,
    '2026-10-30T14:00Z',
    '1 business day',
    '2026-11-02T15:00Z',
  ],
  [
    'a time that is skipped: the moment after',
    around,
    '2026-03-07T07:30Z',
    '1 business day',
    '2026-03-08T07:00Z',
  ],
  [
    'from an hour that is repeated: the end of that hour',
    around,
    '2026-11-01T06:10Z',
    '1 business day',
    '2026-11-02T07:00Z',
  ],
  ['a night shift is one day', nights, '2026-11-17T08:00Z', '1 business day', '2026-11-18T08:00Z'],
])('business days: %s', (_, on, from, duration, due) => {
  expect(add(on, from, duration)).toBe(new Date(due).toISOString());
});

test('the time between instants counts working time only, and is negative backwards', () => {
  const [friday, monday] = [new Date('2026-11-20T21:00Z'), new Date('2026-11-23T15:30Z')];
  expect(businessMinutesBetween(newYork, friday, monday)).toBe(60 + 90);
  expect(businessMinutesBetween(newYork, monday, friday)).toBe(-150);
});

test.each(['1 business hour', '1 business day'])(
  'a calendar without working time is an error, not an endless search: %s',
  (duration) => {
    const away = { from: '2026-11-23T00:00:00Z', to: '2029-11-23T00:00:00Z' };
    const never = calendarOf(newYork.definition, [away]);
    const [refused] = [() => add(never, '2026-11-24T12:00Z', duration)].map(caught);
    expect(isHubError(refused, 'config')).toBe(true);
    expect(String(refused)).toContain('no working time in the two years after 2026-11-24');
  },
);

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test('a span open all day and all week is plain time', () => {
  expect(add(around, '2026-10-30T12:34Z', '100 business hours')).toBe('2026-11-03T16:34:00.000Z');
});
