import {
  addWorkingMs,
  type Calendar,
  calendarOf,
  isWorkingTime,
} from '#core/clocks/business-time.ts';
import type { RungAction } from '#core/clocks/running.ts';
import type { Playbook } from '#core/playbook.ts';
import { isAbsent } from '#core/routing/absence.ts';
import { calendarFor } from './calendar.ts';
import { QUEUE_PREFIX } from './owner.ts';

/** The working hours of whoever hears of an alert; undefined for who has none. */
function hoursOf(playbook: Playbook, to: string): Calendar | undefined {
  if (to.startsWith('#') || to.startsWith(QUEUE_PREFIX)) {
    const id = playbook.alerts?.quiet?.channelCalendar;
    const definition = id === undefined ? undefined : playbook.calendars[id];
    return definition && calendarOf(definition);
  }
  if (playbook.people.salespeople.some(({ email }) => email === to)) {
    return calendarFor(playbook, to);
  }
  const manager = playbook.people.managers?.find(({ email }) => email === to);
  const definition = playbook.calendars[manager?.calendar ?? ''];
  return definition && calendarOf(definition, manager?.absences);
}

/** When somebody may hear of a rung: now, or when their working hours begin. */
export function audibleAt(playbook: Playbook, to: string, rung: RungAction, now: Date): Date {
  const { quiet } = playbook.alerts ?? {};
  const loud: readonly RungAction[] = quiet?.loud ?? [];
  const hours = quiet === undefined || loud.includes(rung) ? undefined : hoursOf(playbook, to);
  if (hours === undefined || isWorkingTime(hours, now)) return now;
  // The first millisecond of working time lies just after the start of the next span.
  return new Date(addWorkingMs(hours, now.getTime(), 1) - 1);
}

/** The manager, or whoever is on call in place of one who is away; undefined where there is nobody. */
export function managerOrOnCall(
  playbook: Playbook,
  manager: string | undefined,
  now: Date,
): string | undefined {
  const { onCall = [] } = playbook.alerts ?? {};
  const candidates = [...(manager === undefined ? [] : [manager]), ...onCall];
  return candidates.find((who) => !isAway(playbook, who, now)) ?? manager;
}

function isAway(playbook: Playbook, who: string, now: Date): boolean {
  const { salespeople, managers = [] } = playbook.people;
  const absences = [...salespeople, ...managers].find(({ email }) => email === who)?.absences ?? [];
  return isAbsent({ absences }, hoursOf(playbook, who) ?? calendarFor(playbook, who), now);
}
