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

/** Working hours as people write them down; times are local to the zone. */
export const CalendarDefinition = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin'),
    /** A weekday left out has no hours. */
    hours: z.partialRecord(z.enum(WEEKDAYS), z.array(Span)),
    holidays: z.array(LocalDate).default([]),
    /** Replaces the hours of the date. */
    halfDays: z.record(LocalDate, z.array(Span)).default({}),
    absences: z.array(Absence).default([]),
  })
  .superRefine(({ holidays, halfDays }, context) => {
    for (const date of holidays.filter((holiday) => holiday in halfDays)) {
      context.addIssue({
        code: 'custom',
        path: ['halfDays', date],
        message: `${date} is a holiday as well; keep it in one of the two lists`,
      });
    }
  });
export type CalendarDefinition = z.infer<typeof CalendarDefinition>;

/** What calendars.json holds: calendars by the id that people name. */
export const Calendars = z.record(z.string(), CalendarDefinition);
export type Calendars = z.infer<typeof Calendars>;
