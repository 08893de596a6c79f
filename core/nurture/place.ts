import type { Hold } from '#core/protection/hold.ts';
import type { Person } from '#core/records/person.ts';
import type { Recycle, Return } from './recycle.ts';

/** A person where a step leaves them, and what the timeline says of it. */
export interface Moved {
  readonly person: Person;
  readonly title: string;
  readonly detail: Record<string, unknown>;
}

/** How soon somebody is looked at again who is kept from sales until nobody knows when. */
const LOOK_AGAIN_MS = 86_400_000;

/** When somebody is looked at again whom a hold keeps from sales. */
export const afterHold = ({ until }: Hold, now: string): string =>
  until ?? new Date(Date.parse(now) + LOOK_AGAIN_MS).toISOString();

/**
 * The person on their nurture track, with the one next action that there is: the time of their
 * reason, or the end of what keeps everybody from them, whichever comes first.
 */
export function inNurture(
  person: Person,
  last: Recycle,
  back: Pick<Return, 'reason' | 'fromSales' | 'at'>,
  hold: Hold | undefined,
): Moved {
  const { track, count, longTerm } = last;
  const held = heldBack(last, back.at, hold);
  const what = back.fromSales ? 'handed back to marketing' : 'to nurture';
  return {
    person: {
      ...person,
      standing: 'nurture',
      owner: { kind: 'track', id: track },
      nextAction: { what: LOOK, at: held.reEnterAt },
      recycle: held,
    },
    title: `${what}, track ${track}: ${back.reason}`,
    detail: {
      track,
      reEnterAt: held.reEnterAt,
      ...(back.fromSales ? { coolUntil: last.coolUntil, recycles: count } : {}),
      ...(longTerm === true ? { longTerm: `came back ${count} times` } : {}),
      ...(hold === undefined ? {} : { held: hold.because }),
    },
  };
}

/** What whoever is in nurture waits for. */
export const LOOK = 'look for fresh interest';

/** Whom a hold alone kept from sales owes them nothing when it ends. */
function heldBack(last: Recycle, at: Date, hold: Hold | undefined): Recycle {
  if (hold === undefined) return last;
  const until = afterHold(hold, at.toISOString());
  return until < last.reEnterAt ? { ...last, reEnterAt: until, needsSign: false } : last;
}
