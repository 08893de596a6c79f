import Holidays from 'date-holidays';
import type { HolidayPlace } from '#core/clocks/calendar.ts';
import { type HolidayBook, placeName } from '#core/clocks/holidays.ts';
import { HubError } from '#core/errors.ts';

const DAY_MS = 86_400_000;

/** For playbooks: the same years whenever they are read, so that nothing changes by itself. */
export const PLAYBOOK_YEARS = { from: 2020, to: 2040 };

/**
 * The public holidays of countries and their regions for some years, substitute days included.
 * From date-holidays, whose data are CC-BY-3.0; it is large, so functions get a table of it.
 */
export function publicHolidays(years: { readonly from: number; readonly to: number }): HolidayBook {
  const known = new Map<string, readonly string[]>();
  return (place) => {
    const name = placeName(place);
    const dates = known.get(name) ?? datesOf(place, years);
    known.set(name, dates);
    return dates;
  };
}

function datesOf(place: HolidayPlace, { from, to }: { from: number; to: number }): string[] {
  const calendar = calendarOf(place);
  const dates: string[] = [];
  for (let year = from; year <= to; year += 1) {
    for (const { date, start, end, type } of calendar.getHolidays(year)) {
      if (type !== 'public') continue;
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
      for (let day = 0; day < days; day += 1) {
        dates.push(
          new Date(Date.parse(date.slice(0, 10)) + day * DAY_MS).toISOString().slice(0, 10),
        );
      }
    }
  }
  return dates;
}

function calendarOf({ country, region }: HolidayPlace): Holidays {
  const book = new Holidays();
  if (!Object.hasOwn(book.getCountries(), country)) throw unknown(country, 'country', '');
  const [state = '', district] = region?.split('-') ?? [];
  if (region === undefined) return new Holidays(country);
  const states: Readonly<Record<string, string>> = book.getStates(country) ?? {};
  if (!Object.hasOwn(states, state)) {
    const named = Object.keys(states).join(', ');
    throw unknown(region, `region of ${country}`, named === '' ? '' : ` There are: ${named}.`);
  }
  return district === undefined
    ? new Holidays(country, state)
    : new Holidays(country, state, district);
}

function unknown(name: string, what: string, there: string): HubError {
  return new HubError(
    'config',
    'holidays_unknown',
    `No public holidays are known of a ${what} '${name}'.${there} Write their dates instead.`,
  );
}
