import { CalendarDefinition } from '#core/clocks/calendar.ts';

const NINE_TO_FIVE = [['09:00', '17:00']];
const WEEK = { mon: NINE_TO_FIVE, tue: NINE_TO_FIVE };

test.each([
  [
    'both ends of an absence alike',
    { absences: [{ from: '2026-01-01', to: '2026-01-02T00:00:00Z' }] },
  ],
  [
    'an absence that ends after it starts',
    { absences: [{ from: '2026-01-02', to: '2026-01-01' }] },
  ],
  ['a time zone that exists', { timeZone: 'Europe/Atlantis' }],
  ['times of day', { hours: { mon: [['9:00', '25:00']] } }],
  ['spans that are not empty', { hours: { mon: [['09:00', '09:00']] } }],
  ['weekdays', { hours: { monday: NINE_TO_FIVE } }],
  [
    'a date to be a holiday or a half day',
    { holidays: ['2026-12-24'], halfDays: { '2026-12-24': [] } },
  ],
  [
    'spans of a day apart',
    {
      hours: {
        mon: [
          ['09:00', '13:00'],
          ['12:30', '17:00'],
        ],
      },
    },
  ],
  [
    'nights that end before the next day',
    { hours: { sun: [['22:00', '06:00']], mon: [['05:00', '09:00']] } },
  ],
  [
    'half days apart from the night before',
    { hours: { mon: [['22:00', '06:00']] }, halfDays: { '2026-11-24': [['05:00', '09:00']] } },
  ],
  ['no unknown settings', { holydays: [] }],
])('a calendar needs %s', (_, change) => {
  const valid = { timeZone: 'Europe/Berlin', hours: WEEK };
  expect(CalendarDefinition.safeParse(valid).success).toBe(true);
  expect(CalendarDefinition.safeParse({ ...valid, ...change }).success).toBe(false);
});
