import type { Urgency } from '#core/ports/operations.ts';

/** The share of each limit that a lane may use; what is left is kept for the lanes above it. */
export const LANE_SHARES: Readonly<Record<Urgency, number>> = {
  clock: 1,
  usual: 0.9,
  backfill: 0.5,
};

/** How much of a limit a lane may use, in whole calls: never nothing, for then it would wait for ever. */
export const laneOf = (calls: number, urgency: Urgency): number =>
  Math.max(1, Math.floor(calls * LANE_SHARES[urgency]));
