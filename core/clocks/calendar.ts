import * as z from 'zod';

/** `00:00` to `24:00`. */
const LocalTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day from 00:00 to 24:00');

/** From, to; a span whose end is not after its start runs past midnight. */
const Span = z
  .tuple([LocalTime, LocalTime])
  .refine(([from, to]) => from !== to, 'must not be empty; a whole day is 00:00 to 24:00')
  .refine(([from]) => from !== '24:00', 'must start before 24:00');

type Span = z.infer<typeof Span>;

const LocalDate = z.iso.date();

function isTimeZone(id: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: id }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const DateOrInstant = z.union([LocalDate, z.iso.datetime({ offset: true })], {
  error: 'must be a date (2026-12-24) or an instant with its offset (2026-12-24T13:00:00Z)',
});

/** Whether an absence is given in whole local days; the schema makes both ends alike. */
export const isWholeDays = (absence: { from: string }) => absence.from.length === 10;

/** In dates: whole local days, both ends included. In instants: from the first up to the second. */
export const Absence = z
  .strictObject({ from: DateOrInstant, to: DateOrInstant })
  .refine(({ from, to }) => (from.length === 10) === (to.length === 10), {
    error: 'must give both ends as dates, or both as instants',
    path: ['to'],
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), {
    error: 'must not end before it starts',
    path: ['to'],
  });
export type Absence = z.infer<typeof Absence>;

/** In the order of `Date.getUTCDay`. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const FULL_DAY = 24 * 60;

/** Minutes after midnight; past midnight it goes on beyond 24 hours. */
export function readSpan([from, to]: Span): readonly [start: number, end: number] {
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return [start, end > start ? end : end + FULL_DAY];
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Whether a day's spans overlap each other, or those of the day after it. */
function overlap(day: readonly Span[], nextDay: readonly Span[]): boolean {
  const tomorrow = nextDay.map(readSpan).map(([start, end]) => [start + FULL_DAY, end + FULL_DAY]);
  const spans = [...day.map(readSpan), ...tomorrow].toSorted(
    ([one = 0], [other = 0]) => one - other,
  );
  return spans.some(([start = 0], index) => start < (spans[index - 1]?.[1] ?? 0));
}

/** All public holidays of a country, or of one of its regions (ISO 3166: `US`, `DE` with `BE`). */
const HolidayPlace = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code of two capitals, such as US'),
  region: z
    .string()
    .regex(/^[A-Za-z0-9]{1,4}(?:-[A-Za-z0-9]{1,4})?$/, 'must be the code of a region, such as BE')
    .optional(),
});
export type HolidayPlace = z.infer<typeof HolidayPlace>;

/** Working hours as people write them down; times are local to the zone. */
export const CalendarDefinition = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin'),
    /** A weekday left out has no hours. */
    hours: z.partialRecord(z.enum(WEEKDAYS), z.array(Span)),
    holidays: z
      .array(
        z.union([LocalDate, HolidayPlace], {
          error: 'must be a date (2026-11-26) or a country ({"country": "US"})',
        }),
      )
      .default([]),
    /** Replaces the hours of the date, and those of a country's holiday too. */
    halfDays: z.record(LocalDate, z.array(Span)).default({}),
    absences: z.array(Absence).default([]),
  })
  .superRefine(({ hours, holidays, halfDays }, context) => {
    const complain = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    for (const [index, weekday] of WEEKDAYS.entries()) {
      const next = WEEKDAYS[(index + 1) % 7] ?? 'sun';
      if (!overlap(hours[weekday] ?? [], hours[next] ?? [])) continue;
      complain(['hours', weekday], `overlap each other or those of ${next}`);
    }
    const spansOn = (at: number) => {
      const date = new Date(at).toISOString().slice(0, 10);
      const usual = hours[WEEKDAYS[new Date(at).getUTCDay()] ?? 'sun'];
      return holidays.includes(date) ? [] : (halfDays[date] ?? usual ?? []);
    };
    for (const [date, spans] of Object.entries(halfDays)) {
      const [at, day] = [Date.parse(date), FULL_DAY * 60_000];
      if (holidays.includes(date)) {
        complain(['halfDays', date], 'is a holiday as well; keep it in one of the two lists');
      } else if (overlap(spans, spansOn(at + day)) || overlap(spansOn(at - day), spans)) {
        complain(['halfDays', date], 'overlaps itself or the hours of a day beside it');
      }
    }
  });
export type CalendarDefinition = z.infer<typeof CalendarDefinition>;

/** What calendars.json holds: calendars by the id that people name. */
export const Calendars = z.record(z.string(), CalendarDefinition);
export type Calendars = z.infer<typeof Calendars>;
