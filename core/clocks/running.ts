import * as z from 'zod';
import { Instant } from '#core/events.ts';
import type { Measure } from './measure.ts';

/**
 * What is done on a rung; `reassign` gives the lead to the next candidate, `warn` tells owner and
 * manager of the end, a grace before it, and `tell` sends alerts that had to wait.
 */
export const RungAction = z.enum([
  'remind',
  'breach',
  'escalate',
  'reassign',
  'warn',
  'tell',
  'end',
]);
export type RungAction = z.infer<typeof RungAction>;

/** How often a hand-off may change hands, where a rung passes it on. */
export const ChangesOfHands = z.int().min(1).max(20);

export const Rung = z.strictObject({
  at: Instant,
  do: RungAction,
  /** On `reassign`: how often the hand-off may change hands. */
  atMost: ChangesOfHands.optional(),
});
export type Rung = z.infer<typeof Rung>;

/** A time in which a clock stood still because its owner asked for it. */
export const Pause = z.strictObject({
  /** One of the reasons that the clock's policy allows. */
  reason: z.string(),
  by: z.string(),
  from: Instant,
  until: Instant,
  /** The time it gave to the clock, in milliseconds as the clock counts. */
  ms: z.number().nonnegative(),
});
export type Pause = z.infer<typeof Pause>;

/** What arithmetic needs of a clock. */
export interface RunningClock {
  readonly openedAt: string;
  readonly deadline: string;
  readonly rungs: readonly Rung[];
  /** How many rungs were acted upon. */
  readonly climbed: number;
  readonly breachedAt?: string | undefined;
  /** Milliseconds that outages took and the clock gave back. */
  readonly pausedMs?: number | undefined;
  readonly pauses?: readonly Pause[] | undefined;
}

/** Milliseconds as the clock counts; what remains is negative after the deadline. */
export interface Progress {
  readonly elapsedMs: number;
  readonly remainingMs: number;
}

const ms = Date.parse;
const iso = (at: number) => new Date(at).toISOString();

/** What its owner has used of a clock's time, and what is left; it stands still during a pause. */
export function progressOf(measure: Measure, clock: RunningClock, now: Date): Progress {
  const at = now.getTime();
  const stood = standstill(measure, clock, at);
  const whole = measure.between(ms(clock.openedAt), ms(clock.deadline)) - givenMs(clock);
  const elapsedMs = Math.max(0, measure.between(ms(clock.openedAt), at) - stood);
  return { elapsedMs, remainingMs: whole - elapsedMs };
}

/** The milliseconds that pauses and outages gave to the clock. */
export const givenMs = ({ pauses = [], pausedMs = 0 }: RunningClock) =>
  pauses.reduce((sum, pause) => sum + pause.ms, pausedMs);

/** The part of it that has passed. */
function standstill(measure: Measure, { pauses = [], pausedMs = 0 }: RunningClock, at: number) {
  const passed = pauses.map(({ from, until, ms: whole }) =>
    at >= ms(until) ? whole : Math.max(0, measure.between(ms(from), at)),
  );
  return passed.reduce((sum, part) => sum + part, pausedMs);
}

/** The clock with its deadline, and the rungs that are not climbed yet, moved; a breach stands. */
export function moved<Clock extends RunningClock>(
  measure: Measure,
  clock: Clock,
  byMs: number,
): Clock {
  const later = (at: string) => iso(measure.move(ms(at), byMs));
  return {
    ...clock,
    deadline: clock.breachedAt === undefined ? later(clock.deadline) : clock.deadline,
    rungs: clock.rungs.map((rung, index) =>
      index < clock.climbed ? rung : { ...rung, at: later(rung.at) },
    ),
  };
}

/** The ladder with alerts to be sent at an instant, or right before its end where that is earlier. */
export function withTelling<Clock extends RunningClock>(clock: Clock, at: string): Clock {
  const before = clock.rungs.slice(0, clock.climbed);
  const left = clock.rungs.slice(clock.climbed);
  const place = left.findIndex((rung) => rung.at > at || rung.do === 'end');
  if (place < 0) return clock;
  const next = left[place];
  const tell: Rung = { at: next !== undefined && next.at < at ? next.at : at, do: 'tell' };
  return { ...clock, rungs: [...before, ...left.slice(0, place), tell, ...left.slice(place)] };
}

/**
 * The clock in somebody else's hours: what remained until its deadline and its rungs in the old
 * measure remains in the new one. What is past stays where it is.
 */
export function carriedOver<Clock extends RunningClock>(
  [from, to]: readonly [Measure, Measure],
  clock: Clock,
  now: Date,
): Clock {
  const at = now.getTime();
  const carried = (instant: string) => {
    const left = from.between(at, ms(instant));
    return left > 0 ? iso(to.move(at, left)) : instant;
  };
  return {
    ...clock,
    deadline: carried(clock.deadline),
    rungs: clock.rungs.map((rung, index) =>
      index < clock.climbed ? rung : { ...rung, at: carried(rung.at) },
    ),
  };
}
