import { nextRung, openClock, timeOf } from '#core/clocks/ladder.ts';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Awaited, ClockRecord, Handoff } from '#core/records/handoff.ts';
import { calendarFor } from './calendar.ts';

/**
 * A clock of the hand-off's current round, opened now: deadline and rungs in its owner's working
 * hours. `awaits` is what will stop it.
 */
export function openRoundClock(
  hub: Pick<Hub, 'playbook' | 'now'>,
  handoff: Handoff,
  clock: string,
  awaits?: Awaited,
): ClockRecord {
  const policy = hub.playbook.clocks[clock];
  if (policy === undefined)
    throw new HubError('config', 'clock_unknown', `The playbook has no clock '${clock}'.`);
  const openedAt = hub.now();
  const { deadline, rungs } = openClock(
    policy,
    handoff.lane,
    calendarFor(hub.playbook, handoff.owner),
    openedAt,
  );
  return {
    id: clockId(clock, handoff.round),
    clock,
    round: handoff.round,
    owner: handoff.owner,
    ...(awaits === undefined ? {} : { awaits }),
    openedAt: openedAt.toISOString(),
    deadline,
    rungs,
    climbed: 0,
    snoozes: 0,
    ...(timeOf(policy, handoff.lane).kind === 'plain' ? { plain: true } : {}),
  };
}

/** How a wait is told to ask again how long it may last. */
export const CLOCK_CHANGED = 'Clock.Changed';

export const clockId = (clock: string, round: number) => `${clock}#${round}`;

/** Step Functions takes no timeout below one second and none above 99,999,999. */
const SHORTEST_WAIT_SECONDS = 1;
const LONGEST_WAIT_SECONDS = 99_999_999;

/** How long a wait may last before the clock's next rung is due. */
export function secondsToNextRung(clock: ClockRecord, now: Date): number {
  const next = nextRung(clock, clock.climbed);
  if (next === undefined) return SHORTEST_WAIT_SECONDS;
  const seconds = Math.ceil((Date.parse(next.at) - now.getTime()) / 1000);
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(SHORTEST_WAIT_SECONDS, seconds));
}
