import { HubError } from '#core/errors.ts';
import type { CalendarDefinition, HolidayPlace } from './calendar.ts';

/** The public holidays of a place, as local dates. Throws a HubError `config` for an unknown place. */
export type HolidayBook = (place: HolidayPlace) => readonly string[];

/** Holidays that were looked up before, by the name of the place: what a function carries along. */
export type HolidayTable = Readonly<Record<string, readonly string[]>>;

/** `US`, or `DE-BE` with a region. */
export const placeName = ({ country, region }: HolidayPlace): string =>
  region === undefined ? country : `${country}-${region}`;

/** Answers from a table; with none given nothing is known. */
export const bookOf =
  (table: HolidayTable): HolidayBook =>
  (place) => {
    const dates = table[placeName(place)];
    if (dates !== undefined) return dates;
    throw new HubError(
      'config',
      'holidays_unknown',
      `Nobody looked up the public holidays of ${placeName(place)}. Write their dates instead.`,
    );
  };

/** The places whose holidays a calendar takes. */
const placesOf = (definition: CalendarDefinition): HolidayPlace[] =>
  definition.holidays.filter((holiday) => typeof holiday !== 'string');

/**
 * A calendar with the dates of its countries' holidays in place of the countries. A half day that
 * ops wrote for such a date stands: they know better what is worked on 24 December.
 */
export function expandHolidays(
  definition: CalendarDefinition,
  book: HolidayBook,
): CalendarDefinition {
  if (placesOf(definition).length === 0) return definition;
  const dates = definition.holidays.flatMap((holiday) =>
    typeof holiday === 'string'
      ? [holiday]
      : book(holiday).filter((date) => !Object.hasOwn(definition.halfDays, date)),
  );
  return { ...definition, holidays: [...new Set(dates)].sort() };
}
