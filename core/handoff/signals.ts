import type { Measure } from '#core/clocks/measure.ts';
import { moved } from '#core/clocks/running.ts';
import type { CanonicalEvent, EventOf } from '#core/events.ts';
import type { Awaited, ClockRecord, Handoff } from '#core/records/handoff.ts';

export type SignalEvent = EventOf<
  | 'handoff.accepted'
  | 'handoff.rejected'
  | 'handoff.snoozed'
  | 'handoff.worked'
  | 'opportunity.changed'
>;

const SIGNALS: ReadonlySet<string> = new Set<SignalEvent['type']>([
  'handoff.accepted',
  'handoff.rejected',
  'handoff.snoozed',
  'handoff.worked',
  'opportunity.changed',
]);

export const isSignal = (event: CanonicalEvent): event is SignalEvent => SIGNALS.has(event.type);

type Proof = NonNullable<Handoff['signals']['accepted']>;

/** How the wait for a signal ended, if what is known of the hand-off ends it. */
export type Settled =
  | { readonly outcome: 'met'; readonly proof: Proof; readonly closed: 'won' | 'lost' | null }
  | { readonly outcome: 'rejected'; readonly reason: string };

/**
 * Whether a wait is over. Whoever worked a lead has accepted it, and an opportunity proves both;
 * the wait for an opportunity ends when it is won or lost. A rejection ends every wait.
 */
export function settle(handoff: Handoff, awaits: Awaited): Settled | undefined {
  const { accepted, worked, opportunity, closed, rejected } = handoff.signals;
  const proof = {
    'handoff.accepted': accepted ?? worked ?? opportunity ?? closed,
    'handoff.worked': worked ?? opportunity ?? closed,
    'opportunity.changed': closed,
  }[awaits];
  if (proof !== undefined) return { outcome: 'met', proof, closed: closed?.outcome ?? null };
  return rejected === undefined ? undefined : { outcome: 'rejected', reason: rejected.reason };
}

/**
 * The hand-off with a signal written into it; the first of each kind stands. `measureOf` tells how
 * a clock of it counts.
 */
export function recordSignal(
  handoff: Handoff,
  event: SignalEvent,
  { by, measureOf }: { by: string; measureOf: (clock: ClockRecord) => Measure },
): Handoff {
  const signal = { at: event.at, event: event.id, by, via: 'via' in event ? event.via : 'crm' };
  const { signals } = handoff;
  switch (event.type) {
    case 'handoff.accepted':
      return meet(
        { ...handoff, signals: { ...signals, accepted: signals.accepted ?? signal } },
        event.at,
      );
    case 'handoff.worked':
      return meet(
        { ...handoff, signals: { ...signals, worked: signals.worked ?? signal } },
        event.at,
      );
    case 'handoff.rejected': {
      const { reason, note, namedDate } = event;
      const rejected = signals.rejected ?? { ...signal, reason, note, namedDate };
      return meet({ ...handoff, signals: { ...signals, rejected } }, event.at);
    }
    case 'opportunity.changed': {
      const { outcome } = event.opportunity;
      const closed =
        outcome === 'open' ? signals.closed : (signals.closed ?? { ...signal, outcome });
      return meet(
        { ...handoff, signals: { ...signals, opportunity: signals.opportunity ?? signal, closed } },
        event.at,
      );
    }
    case 'handoff.snoozed':
      return snooze(handoff, event.minutes, measureOf);
  }
}

/** Which signal the clocks measure that were opened before clocks kept what they wait for. */
const CLOCK_AWAITS: Record<string, Awaited> = {
  accept: 'handoff.accepted',
  'first-touch': 'handoff.worked',
  qualify: 'opportunity.changed',
};

/**
 * Stops the clocks that the hand-off's signals answer: saying no in time keeps the promise as well
 * as saying yes. What counts is when it happened: news that
 * comes late of an act in time takes the breach back.
 */
function meet(handoff: Handoff, at: string): Handoff {
  const answered = (clock: ClockRecord): ClockRecord => {
    const awaits = clock.awaits ?? CLOCK_AWAITS[clock.clock];
    const open = clock.metAt === undefined && clock.round === handoff.round;
    if (!open || awaits === undefined || settle(handoff, awaits) === undefined) return clock;
    if (at > clock.deadline) return { endedAt: at, ...clock };
    // One that was answered too late, as it seemed, is met by what was done before.
    const { breachedAt: _taken, endedAt: _late, ...kept } = clock;
    return { ...kept, metAt: at };
  };
  return { ...handoff, clocks: handoff.clocks.map(answered) };
}

/** A salesperson may put a clock off this often; after that it runs. */
const MOST_SNOOZES = 2;

/** The minutes are the clock's own: of its owner's working time, unless it counts plain time. */
function snooze(
  handoff: Handoff,
  minutes: number,
  measureOf: (clock: ClockRecord) => Measure,
): Handoff {
  const clocks = handoff.clocks.map((clock): ClockRecord => {
    const running =
      clock.metAt === undefined && clock.endedAt === undefined && clock.breachedAt === undefined;
    if (!running || clock.round !== handoff.round || clock.snoozes >= MOST_SNOOZES) return clock;
    return {
      ...moved(measureOf(clock), clock, minutes * 60_000),
      snoozes: clock.snoozes + 1,
    };
  });
  return { ...handoff, clocks };
}

/** The clock that runs now, if one does. */
export function runningClock(handoff: Handoff): ClockRecord | undefined {
  return handoff.clocks.find(
    (clock) =>
      clock.round === handoff.round && clock.metAt === undefined && clock.endedAt === undefined,
  );
}
