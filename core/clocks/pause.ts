import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { addDuration, type Calendar } from './business-time.ts';
import { DurationText, parseDuration } from './duration.ts';
import type { Measure } from './measure.ts';
import { moved, type Pause, type RunningClock } from './running.ts';

/** For which reasons a clock may be paused, and how long at most, all pauses together. */
export const PausePolicy = z.strictObject({
  reasons: z
    .array(z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be words with hyphens'))
    .min(1),
  atMost: DurationText,
});
export type PausePolicy = z.infer<typeof PausePolicy>;

const ms = Date.parse;

/**
 * The milliseconds of pause that are left, as the clock counts. The budget is as long as its
 * duration would be from the moment the clock opened.
 */
export function pauseLeft(
  calendar: Calendar,
  measure: Measure,
  clock: RunningClock,
  { atMost }: PausePolicy,
): number {
  const openedAt = new Date(clock.openedAt);
  const end = addDuration(calendar, openedAt, parseDuration(atMost)).getTime();
  const used = (clock.pauses ?? []).reduce((sum, pause) => sum + pause.ms, 0);
  return Math.max(0, measure.between(openedAt.getTime(), end) - used);
}

/** The pause that is going on, if one is. */
export const pauseAt = (clock: RunningClock, now: Date): Pause | undefined =>
  clock.pauses?.find(({ from, until }) => ms(from) <= now.getTime() && now.getTime() < ms(until));

interface Wish {
  readonly reason: string;
  readonly by: string;
  /** How long, as people write it: `1 business day`. */
  readonly length: string;
}

/**
 * The clock with a pause from now on: deadline and rungs move by as much time as the pause takes
 * from the clock. Throws a HubError `data` where the policy does not allow it, naming what is left.
 */
export function paused<Clock extends RunningClock>(
  calendar: Calendar,
  measure: Measure,
  clock: Clock,
  policy: PausePolicy,
  { reason, by, length, now }: Wish & { readonly now: Date },
): Clock {
  if (!policy.reasons.includes(reason)) {
    const known = policy.reasons.join(', ');
    throw new HubError('data', 'pause_reason_unknown', `This clock may be paused for: ${known}.`);
  }
  if (clock.breachedAt !== undefined) {
    throw new HubError(
      'data',
      'clock_breached',
      'This clock has run out already, and a pause mends no breach.',
    );
  }
  const running = pauseAt(clock, now);
  if (running !== undefined) {
    throw new HubError(
      'data',
      'clock_paused',
      `This clock is paused already, until ${running.until}.`,
    );
  }
  const until = addDuration(calendar, now, parseDuration(length));
  const wanted = measure.between(now.getTime(), until.getTime());
  const left = pauseLeft(calendar, measure, clock, policy);
  if (wanted > left) {
    throw new HubError(
      'data',
      'pause_over_budget',
      `This clock may be paused for ${policy.atMost} in all, of which ${inMinutes(left)} business minutes are left; asked for were ${inMinutes(wanted)}.`,
    );
  }
  const from = now.toISOString();
  const pause: Pause = { reason, by, from, until: until.toISOString(), ms: wanted };
  return { ...moved(measure, clock, wanted), pauses: [...(clock.pauses ?? []), pause] };
}

const inMinutes = (milliseconds: number) => Math.floor(milliseconds / 60_000);

/** The clock running again from now on: what its pause has not used is taken back. */
export function resumed<Clock extends RunningClock>(
  measure: Measure,
  clock: Clock,
  now: Date,
): Clock {
  const running = pauseAt(clock, now);
  if (running === undefined)
    throw new HubError('data', 'clock_not_paused', 'No pause of this clock is going on.');
  const used = measure.between(ms(running.from), now.getTime());
  const pauses = clock.pauses?.map((one) =>
    one === running ? { ...one, until: now.toISOString(), ms: used } : one,
  );
  return { ...moved(measure, clock, used - running.ms), pauses };
}
