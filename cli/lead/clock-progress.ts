import type { PlaybookOptions } from '#cli/playbook.ts';
import { playbookUsed } from '#cli/versions/playbook-used.ts';
import { measureOf } from '#core/clocks/measure.ts';
import { pauseAt } from '#core/clocks/pause.ts';
import { progressOf } from '#core/clocks/running.ts';
import { calendarFor } from '#core/handoff/calendar.ts';
import { runningClock } from '#core/handoff/signals.ts';
import { type TwoClocks, twoClocks } from '#core/handoff/two-clocks.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Handoff } from '#core/records/handoff.ts';

/** How the clock of a hand-off runs now, in minutes as it counts. */
export interface ClockProgress {
  readonly elapsedMinutes: number;
  readonly remainingMinutes: number;
  /** Until when it is paused, if it is. */
  readonly pausedUntil?: string | undefined;
  /** Whether it counts plain time instead of working time. */
  readonly plain: boolean;
}

const minutes = (ms: number) => Math.trunc(ms / 60_000);

/** The progress of the clock that runs for a hand-off; undefined when none does. */
function progressNow(playbook: Playbook, handoff: Handoff, now: Date): ClockProgress | undefined {
  const clock = handoff.status === 'open' ? runningClock(handoff) : undefined;
  if (clock === undefined) return undefined;
  const measure = measureOf(calendarFor(playbook, clock.owner), clock);
  const { elapsedMs, remainingMs } = progressOf(measure, clock, now);
  return {
    elapsedMinutes: minutes(elapsedMs),
    remainingMinutes: minutes(remainingMs),
    pausedUntil: pauseAt(clock, now)?.until,
    plain: clock.plain === true,
  };
}

/** System and human time of a hand-off, and its running clock's progress, by the playbook in force. */
export async function timesOf(
  options: PlaybookOptions & { readonly data: string },
  handoffs: readonly Handoff[],
  now: Date,
): Promise<Record<string, TwoClocks & { readonly progress?: ClockProgress | undefined }>> {
  if (handoffs.length === 0) return {};
  const { playbook } = await playbookUsed(options);
  return Object.fromEntries(
    handoffs.map((handoff) => [
      handoff.id,
      { ...twoClocks(playbook, handoff, now), progress: progressNow(playbook, handoff, now) },
    ]),
  );
}

/** `1 h 5 min`, `12 min`, `40 s`. */
export function lasting(ms: number): string {
  const all = Math.round(Math.abs(ms) / 1000);
  if (all < 60) return `${all} s`;
  const [hours, rest] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60)];
  return hours === 0 ? `${rest} min` : `${hours} h ${rest} min`;
}

/** `12 min of working time left`, `paused until …`. */
export function progressInWords({ remainingMinutes, pausedUntil, plain }: ClockProgress): string {
  const time = plain ? '' : ' of working time';
  const left = lasting(remainingMinutes * 60_000);
  const word = remainingMinutes < 0 ? `${left}${time} over` : `${left}${time} left`;
  return pausedUntil === undefined ? word : `${word}, paused until ${pausedUntil}`;
}
