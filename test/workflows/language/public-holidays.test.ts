import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { bookOf, expandHolidays } from '#core/clocks/holidays.ts';
import { publicHolidays } from '#workflows/language/public-holidays.ts';

const book = publicHolidays({ from: 2026, to: 2026 });

test.each([
  [{ country: 'US' }, '2026-11-26', '2026-11-27'],
  // 4 July 2026 is a Saturday: the Friday before it is free.
  [{ country: 'US' }, '2026-07-03', '2026-07-02'],
  [{ country: 'DE', region: 'BE' }, '2026-03-08', '2026-01-06'],
  [{ country: 'DE', region: 'BY' }, '2026-01-06', '2026-03-08'],
  [{ country: 'GB', region: 'SCT' }, '2026-01-02', '2026-04-06'],
])('%j is free on %s and works on %s', (place, free, works) => {
  expect(book(place)).toContain(free);
  expect(book(place)).not.toContain(works);
});

test.each([
  [{ country: 'XX' }, "No public holidays are known of a country 'XX'"],
  [{ country: 'DE', region: 'XX' }, "region of DE 'XX'. There are: BB, BE"],
])('%j is refused by name', (place, message) => {
  expect(() => book(place)).toThrow(message);
});

test('a half day that ops wrote stands against the holiday of the country', () => {
  const calendar = CalendarDefinition.parse({
    timeZone: 'America/New_York',
    hours: { thu: [['09:00', '17:00']] },
    holidays: [{ country: 'US' }, '2026-11-27'],
    halfDays: { '2026-11-26': [['09:00', '12:00']] },
  });
  const { holidays } = expandHolidays(calendar, book);
  expect(holidays).toContain('2026-11-27');
  expect(holidays).toContain('2026-12-25');
  expect(holidays).not.toContain('2026-11-26');
});

test('a table knows what was looked up and nothing else', () => {
  const table = bookOf({ 'DE-BE': ['2026-03-08'] });
  expect(table({ country: 'DE', region: 'BE' })).toEqual(['2026-03-08']);
  expect(() => table({ country: 'DE' })).toThrow('Nobody looked up the public holidays of DE');
});
