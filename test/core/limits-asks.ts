import fc from 'fast-check';
import { type ConnectionState, FRESH } from '#core/limits/state.ts';
import { type Ask, type ConnectionLimits, take } from '#core/limits/take.ts';
import type { Urgency } from '#core/ports/operations.ts';

export const START = Date.parse('2026-12-07T09:00:00.000Z');
export const HOUR_MS = 3_600_000;

export const ask = (more: Partial<Ask> = {}): Ask => ({
  urgency: 'usual',
  counts: ['burst'],
  calls: 1,
  lifeMs: 0,
  ...more,
});

export const burst = (calls: number, everyMs: number) => ({ name: 'burst', calls, everyMs });
export const Urgencies = fc.constantFrom<Urgency>('clock', 'usual', 'backfill');

/** Takes one after the other; answers when each was granted, and how many at once. */
export function play(
  limits: ConnectionLimits,
  steps: readonly { readonly waitMs: number; readonly ask: Ask }[],
): { granted: { at: number; calls: number; urgency: Urgency }[]; state: ConnectionState } {
  let state = FRESH;
  let now = START;
  const granted = steps.map(({ waitMs, ask: wanted }) => {
    now += waitMs;
    const answer = take(state, limits, wanted, now);
    state = answer.state;
    return { at: now, calls: answer.granted, urgency: wanted.urgency };
  });
  return { granted, state };
}

export const Steps = fc.array(
  fc.record({
    waitMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_000 })),
    ask: fc.record({
      urgency: Urgencies,
      counts: fc.constant(['burst']),
      calls: fc.integer({ min: 1, max: 5 }),
      lifeMs: fc.constant(0),
    }),
  }),
  { maxLength: 120 },
);
