import ical from 'node-ical';
import { Temporal } from 'temporal-polyfill';
import type { Absence } from '#core/clocks/calendar.ts';
import { HubError } from '#core/errors.ts';

/** For what repeats without an end: the same years whenever it is read, so that nothing changes by itself. */
const YEARS = { from: new Date('2024-01-01T00:00:00Z'), to: new Date('2036-12-31T00:00:00Z') };

type Event = Parameters<typeof ical.expandRecurringEvent>[0];
type Instance = ReturnType<typeof ical.expandRecurringEvent>[number];

/**
 * The absences that an iCalendar text (RFC 5545) tells: each event in which somebody is busy, as
 * often as it repeats, but for its exceptions. Whole days stay days, and a time without a zone is
 * local to `timeZone`. What is free, tentative or cancelled is none. Throws a HubError `config` for
 * a text that is no calendar, or has an event without a start.
 */
export function readLeave(text: string, timeZone: string): Absence[] {
  const components = Object.values(ical.sync.parseICS(text));
  if (!components.some((one) => one?.type === 'VCALENDAR')) throw unreadable('is no iCalendar');
  const events = components.filter((one): one is Event => one?.type === 'VEVENT');
  const absences = events
    .filter(isAway)
    .flatMap((event) => instancesOf(event).map((one) => absenceOf(one, timeZone)));
  return absences.toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
}

const unreadable = (what: string) =>
  new HubError('config', 'leave_unreadable', `The calendar of absences ${what}; export it again.`);

/** What calendars of Microsoft say of a time in which one can be reached. */
const REACHABLE = ['FREE', 'TENTATIVE', 'WORKINGELSEWHERE'];

function isAway(event: Event): boolean {
  const status: unknown = Reflect.get(event, 'MICROSOFT-CDO-BUSYSTATUS');
  if (event.status === 'CANCELLED' || event.status === 'TENTATIVE') return false;
  return event.transparency !== 'TRANSPARENT' && !REACHABLE.includes(String(status));
}

function instancesOf(event: Event): Instance[] {
  // What can't be read as a time stays a text, whatever the types say.
  const start: unknown = event.start;
  if (!(start instanceof Date) || Number.isNaN(start.getTime()))
    throw unreadable('has an event without a start');
  return ical.expandRecurringEvent(event, { ...YEARS, expandOngoing: true });
}

function absenceOf({ start, end, isFullDay }: Instance, timeZone: string): Absence {
  if (isFullDay) {
    const first = localDate(start);
    // The end is the day after the last one, and may be missing.
    const last = localDate(end).subtract({ days: 1 });
    const to = Temporal.PlainDate.compare(last, first) < 0 ? first : last;
    return { from: first.toString(), to: to.toString() };
  }
  return { from: instantOf(start, timeZone), to: instantOf(end, timeZone) };
}

/** Days and times without a zone are read as if they were of this machine's. */
const localDate = (date: Date) =>
  new Temporal.PlainDate(date.getFullYear(), date.getMonth() + 1, date.getDate());

function instantOf(date: Date & { tz?: string | undefined }, timeZone: string): string {
  if (date.tz !== undefined) return date.toISOString();
  const time = new Temporal.PlainTime(date.getHours(), date.getMinutes(), date.getSeconds());
  const at = localDate(date).toZonedDateTime({ timeZone, plainTime: time });
  return new Date(at.epochMilliseconds).toISOString();
}
