import { calendarFor } from '#core/handoff/calendar.ts';
import type { Playbook } from '#core/playbook.ts';
import { isAbsent } from './absence.ts';

/** Whether somebody may get a lead now, by their calendar and absences; else why not. */
export function availability(
  playbook: Pick<Playbook, 'people' | 'calendars'>,
  email: string,
  now: Date,
): { available: boolean; why?: string } {
  const salesperson = playbook.people.salespeople.find((one) => one.email === email);
  if (salesperson === undefined)
    return { available: false, why: 'is not among the people of the playbook' };
  return isAbsent(salesperson, calendarFor(playbook, email), now)
    ? { available: false, why: 'is absent' }
    : { available: true };
}
