import type { Handoff } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';

const DAY_MS = 86_400_000;

/** A customer's salesperson, or whoever looks after lost deals, looks again after this long. */
const REVIEW_AFTER_DAYS = { won: 30, lost: 90, declined: 180 } as const;

const later = (at: string, days: number) => new Date(Date.parse(at) + days * DAY_MS).toISOString();

/** The person once a deal is won (the salesperson keeps them) or lost (a queue does). */
export function closedStanding(person: Person, outcome: 'won' | 'lost', at: string): Person {
  const owner =
    outcome === 'won' && person.owner.kind === 'salesperson'
      ? person.owner
      : { kind: 'queue' as const, id: outcome };
  return {
    ...person,
    standing: outcome,
    owner,
    nextAction: {
      what: outcome === 'won' ? 'look after the customer' : 'ask what has changed',
      at: later(at, REVIEW_AFTER_DAYS[outcome]),
    },
  };
}

/** The person once they are known never to buy: kept, so that they are not sold to again. */
export function declinedStanding(person: Person, at: string): Person {
  return {
    ...person,
    standing: 'declined',
    owner: { kind: 'queue', id: 'declined' },
    nextAction: {
      what: 'check whether the reason still holds',
      at: later(at, REVIEW_AFTER_DAYS.declined),
    },
  };
}

/** The hand-off at its end: no wait, and clocks that were not met stop without being met. */
export function closeHandoff(
  handoff: Handoff,
  status: Handoff['status'],
  at: string,
  reason?: string,
): Handoff {
  const { wait: _over, ...rest } = handoff;
  return {
    ...rest,
    status,
    closedAt: at,
    ...(reason === undefined ? {} : { reason }),
    clocks: stopClocks(handoff, at),
  };
}

export function stopClocks(handoff: Handoff, at: string): Handoff['clocks'] {
  return handoff.clocks.map((clock) =>
    clock.metAt === undefined && clock.endedAt === undefined ? { ...clock, endedAt: at } : clock,
  );
}
