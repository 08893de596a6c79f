/** How a vendor's failures stand: a breaker that is closed lets all calls pass. */
export interface BreakerState {
  /** Outage failures in a row. */
  readonly failures: number;
  readonly lastFailureAt?: number | undefined;
  /** Set while it is open. */
  readonly open?:
    | {
        readonly since: number;
        /** When one call may try whether the vendor is back. */
        readonly probeAt: number;
        readonly pauseMs: number;
        /** Whether that call is under way. */
        readonly probing: boolean;
      }
    | undefined;
}

export const CLOSED: BreakerState = { failures: 0 };

/** So many failures in a row are an outage. */
export const FAILURES_TO_OPEN = 5;
/** Failures further apart than this belong to no row. */
const ROW_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** How long a probe may take before another is sent. */
export const PROBE_MS = 60_000;

/** A clock that was set back leaves a probe that is too far away; it is brought near. */
const probeAtOf = (open: NonNullable<BreakerState['open']>, now: number) =>
  Math.min(open.probeAt, now + Math.max(open.pauseMs, PROBE_MS));

/**
 * Whether a call may be made: `until` is when the next may be. The call that is let through an
 * open breaker is its probe, and puts the next one off.
 */
export function passBreaker(
  state: BreakerState,
  now: number,
): { readonly state: BreakerState; readonly until?: number } {
  const { open } = state;
  if (open === undefined) return { state };
  const until = probeAtOf(open, now);
  if (now < until) return { state, until };
  return { state: { ...state, open: { ...open, probeAt: now + PROBE_MS, probing: true } } };
}

/** What an answer, or its absence, makes of the breaker; a step tells what others should hear of. */
export interface BreakerStep {
  readonly state: BreakerState;
  readonly step?: 'opened' | 'still-open' | 'closed';
}

/** A failure that only an outage explains: nothing came back, or a 5xx. */
export function vendorFailed(state: BreakerState, now: number): BreakerStep {
  const { open, lastFailureAt } = state;
  if (open !== undefined) {
    // Calls that were under way when it opened tell nothing new; only the probe does.
    if (!open.probing) return { state };
    const pauseMs = Math.min(LONGEST_PAUSE_MS, open.pauseMs * 2);
    const next = { ...open, pauseMs, probeAt: now + pauseMs, probing: false };
    return { state: { ...state, lastFailureAt: now, open: next }, step: 'still-open' };
  }
  const inRow = lastFailureAt !== undefined && Math.abs(now - lastFailureAt) <= ROW_MS;
  const failures = inRow ? state.failures + 1 : 1;
  if (failures < FAILURES_TO_OPEN) return { state: { failures, lastFailureAt: now } };
  const opened = {
    since: now,
    probeAt: now + FIRST_PAUSE_MS,
    pauseMs: FIRST_PAUSE_MS,
    probing: false,
  };
  return { state: { failures, lastFailureAt: now, open: opened }, step: 'opened' };
}

/** An answer, be it a refusal: the vendor is there. */
export function vendorAnswered(state: BreakerState): BreakerStep {
  if (state.open !== undefined) return { state: CLOSED, step: 'closed' };
  return { state: state.failures === 0 ? state : CLOSED };
}
