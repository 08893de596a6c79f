import { measureOf } from '#core/clocks/measure.ts';
import { type PausePolicy, paused, pauseLeft, resumed } from '#core/clocks/pause.ts';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { ClockRecord, Handoff } from '#core/records/handoff.ts';
import { calendarFor } from './calendar.ts';
import { changeClock } from './change-clock.ts';
import { runningClock } from './signals.ts';

/** Somebody who asks for something to happen to a clock: a person of the playbook, or ops. */
export interface Asker {
  readonly by: string;
}

/**
 * Pauses the clock that runs for a hand-off, for one of the reasons of its policy and within its
 * budget. Throws a HubError `data` that says why not, and what is left.
 */
export function pauseClock(
  hub: Hub,
  id: string,
  { by, reason, length }: Asker & { readonly reason: string; readonly length: string },
): Promise<ClockRecord> {
  return changeClock(hub, id, (handoff, clock) => {
    const { calendar, measure, policy } = termsOf(hub, clock);
    if (policy === undefined) throw notAllowed(clock);
    const wish = { reason, by, length, now: hub.now() };
    const still = paused(calendar, measure, clock, policy, wish);
    const until = still.pauses?.at(-1)?.until ?? '';
    return {
      clock: still,
      word: 'pause',
      title: `paused by ${by} until ${until}: ${reason}`,
      detail: { reason, length, until, owner: handoff.owner },
    };
  });
}

/** Lets a paused clock run again from now on. */
export function resumeClock(hub: Hub, id: string, { by }: Asker): Promise<ClockRecord> {
  return changeClock(hub, id, (_handoff, clock) => {
    const going = resumed(termsOf(hub, clock).measure, clock, hub.now());
    return { clock: going, word: 'resume', title: `runs again, by ${by}`, detail: {} };
  });
}

/** What a pause may be asked for: reasons, and the milliseconds that are left as the clock counts. */
export function pauseOffer(
  hub: Pick<Hub, 'playbook'>,
  handoff: Handoff,
): { readonly reasons: readonly string[]; readonly leftMs: number } | undefined {
  const clock = runningClock(handoff);
  if (clock === undefined || clock.breachedAt !== undefined) return undefined;
  const { calendar, measure, policy } = termsOf(hub, clock);
  if (policy === undefined) return undefined;
  return { reasons: policy.reasons, leftMs: pauseLeft(calendar, measure, clock, policy) };
}

function termsOf({ playbook }: Pick<Hub, 'playbook'>, clock: ClockRecord) {
  const calendar = calendarFor(playbook, clock.owner);
  const policy: PausePolicy | undefined = playbook.clocks[clock.clock]?.pause;
  return { calendar, measure: measureOf(calendar, clock), policy };
}

const notAllowed = ({ clock }: ClockRecord) =>
  new HubError(
    'data',
    'pause_not_allowed',
    `The clock '${clock}' may not be paused: give it a "pause" in clocks.json if it should be.`,
  );
