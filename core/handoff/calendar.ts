import { type Calendar, calendarOf } from '#core/clocks/business-time.ts';
import { HubError } from '#core/errors.ts';
import { calendarIdOf, findSalesperson } from '#core/people.ts';
import type { Playbook } from '#core/playbook.ts';

/**
 * The working hours by which a clock of this owner runs: theirs, their team's or their
 * region's, with their absences. A queue has none and runs by the first calendar of the playbook.
 */
export function calendarFor(
  playbook: Pick<Playbook, 'people' | 'calendars'>,
  owner: string,
): Calendar {
  const salesperson = findSalesperson(playbook.people, { email: owner });
  const own = salesperson === undefined ? undefined : calendarIdOf(playbook.people, salesperson);
  const id = own ?? Object.keys(playbook.calendars)[0] ?? '';
  const definition = playbook.calendars[id];
  if (definition === undefined) {
    throw new HubError(
      'config',
      'calendar_unknown',
      `The playbook has no calendar '${id}' for ${owner}.`,
    );
  }
  return calendarOf(definition, salesperson?.absences ?? []);
}
