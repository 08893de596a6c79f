import type { Absence } from '#core/clocks/calendar.ts';
import { isHubError } from '#core/errors.ts';
import { calendarIdOf } from '#core/people.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Problem } from './problem.ts';

/** Reads the absences of an iCalendar text whose times without a zone are local to one. */
export type LeaveReader = (text: string, timeZone: string) => Absence[];

const PATH = /^absences\/([a-z0-9][a-z0-9.-]*)\.ics$/;

/** Whether a path inside a playbook is that of a calendar of absences. */
export const isLeave = (path: string): boolean => PATH.test(path);

type Texts = Readonly<Record<string, string>>;

/** The files of JSON, and the calendars of absences. */
export function apart(files: Texts): { readonly json: Texts; readonly leave: Texts } {
  const [json, leave] = [false, true].map((wanted) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => isLeave(path) === wanted)),
  );
  return { json: json ?? {}, leave: leave ?? {} };
}

/**
 * Adds to each salesperson what their calendar tells; finds calendars that are not there or can't be
 * read. The reader is needed where there are calendars only.
 */
export function addLeave(
  playbook: Playbook,
  calendars: Texts,
  read: LeaveReader | undefined,
): { path: string; message: string }[] {
  const { salespeople } = playbook.people;
  return salespeople.flatMap((salesperson, index) => {
    const { leave } = salesperson;
    if (leave === undefined) return [];
    const finding = (message: string) => [{ path: `/people/salespeople/${index}/leave`, message }];
    const text = calendars[`absences/${leave}.ics`];
    if (text === undefined || read === undefined) {
      return finding(`there is no calendar absences/${leave}.ics`);
    }
    const calendar = playbook.calendars[calendarIdOf(playbook.people, salesperson) ?? ''];
    try {
      const absences = read(text, calendar?.timeZone ?? 'UTC');
      salespeople[index] = { ...salesperson, absences: [...salesperson.absences, ...absences] };
      return [];
    } catch (error) {
      if (!isHubError(error)) throw error;
      return finding(error.message);
    }
  });
}

/** Calendars of absences that are nobody's. */
export function strayLeave({ people }: Playbook, calendars: Texts): Problem[] {
  const named = people.salespeople.map(({ leave }) => `absences/${leave}.ics`);
  return Object.keys(calendars)
    .filter((path) => !named.includes(path))
    .map((file) => ({
      file,
      line: 1,
      column: 1,
      path: '',
      message: 'is the calendar of nobody; name it as "leave" of a salesperson in people.json',
    }));
}
