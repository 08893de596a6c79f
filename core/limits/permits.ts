import type { Urgency } from '#core/ports/operations.ts';
import { laneOf } from './lanes.ts';

type Permits = Readonly<Record<string, { readonly calls: number; readonly until: number }>>;

/** How many calls a worker may have under way, and until when. */
export interface Permission {
  readonly granted: boolean;
  readonly calls: number;
  readonly until: number;
  /** Whether all are taken, so that whoever needs none should give theirs back. */
  readonly tight: boolean;
  readonly permits: Record<string, { calls: number; until: number }>;
}

/**
 * Gives a worker leave for one call more than it has under way. A worker that dies leaves its
 * permits to their end, so they are short; undefined where nobody counts.
 */
export function permit(
  permits: Permits,
  concurrent: number | undefined,
  ask: {
    readonly urgency: Urgency;
    readonly worker?: { readonly id: string; readonly underWay: number; readonly holdMs: number };
  },
  now: number,
): Permission | undefined {
  const { worker } = ask;
  if (concurrent === undefined || worker === undefined) return undefined;
  const held = Object.entries(permits).filter(
    ([id, { until }]) => id !== worker.id && until > now && until <= now + 2 * worker.holdMs,
  );
  const others = held.reduce((total, [, { calls }]) => total + calls, 0);
  const calls = worker.underWay + 1;
  const granted = others + calls <= laneOf(concurrent, ask.urgency);
  const until = now + worker.holdMs;
  const own = granted ? calls : worker.underWay;
  return {
    granted,
    calls: own,
    until,
    tight: others + calls >= concurrent,
    permits: Object.fromEntries([
      ...held,
      ...(own > 0 ? [[worker.id, { calls: own, until }] as const] : []),
    ]),
  };
}
