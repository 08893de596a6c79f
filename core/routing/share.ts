import type { Ramp } from './policy.ts';

/** What somebody has been given, as far as it is asked for. */
export interface Load {
  /** Leads given on the salesperson's own date. */
  readonly today: number;
  /** Leads given on the last seven dates, today's included. */
  readonly week: number;
  /** Leads that wait for them now. */
  readonly open: number;
}

export const NO_LOAD: Load = { today: 0, week: 0, open: 0 };

export interface Caps {
  readonly perDay?: number | undefined;
  readonly perWeek?: number | undefined;
  readonly open?: number | undefined;
}

/** Why somebody takes no more now, in words that follow their name; `undefined` while they do. */
export function fullBecause(caps: Caps, { today, week, open }: Load): string | undefined {
  const { perDay, perWeek, open: atOnce } = caps;
  if (perDay !== undefined && today >= perDay) return `had ${today} of at most ${perDay} today`;
  if (perWeek !== undefined && week >= perWeek)
    return `had ${week} of at most ${perWeek} in seven days`;
  if (atOnce !== undefined && open >= atOnce) return `has ${open} of at most ${atOnce} open`;
  return undefined;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * The part of their share that somebody gets who started on a date (UTC): it grows with every full
 * week, in equal steps, from the ramp's start to the whole.
 */
export function rampedShare(
  startedOn: string | undefined,
  ramp: Ramp | undefined,
  now: Date,
): number {
  if (startedOn === undefined || ramp === undefined) return 1;
  const weeks = Math.floor((now.getTime() - Date.parse(startedOn)) / WEEK_MS);
  const done = Math.min(1, Math.max(0, weeks) / ramp.weeks);
  const start = ramp.startAt / 100;
  return start + (1 - start) * done;
}

/** However little or much somebody has open, their share is at least and at most so many times theirs. */
const LEAN = { least: 0.5, most: 2 };

/**
 * Weights that lean towards who has less open work than their share of all, and away from who has
 * more. Bounded, so that whoever has nothing yet is not flooded: giving everything to the one with
 * the least would do that.
 */
export function leaningWeights<T extends { readonly weight: number; readonly open: number }>(
  members: readonly T[],
): (T & { weight: number })[] {
  const weights = members.reduce((sum, { weight }) => sum + weight, 0);
  const work = members.reduce((sum, { open }) => sum + open, 0) + 1;
  return members.map((member) => {
    const due = (work * member.weight) / weights;
    const lean = 1 + (due - member.open) / Math.max(1, due);
    return { ...member, weight: member.weight * Math.min(LEAN.most, Math.max(LEAN.least, lean)) };
  });
}
