/** Calls granted, each group with the instant from which it counts no more; sorted by it. */
export type Grants = readonly (readonly [until: number, calls: number])[];

/** One of a connection's rates: so many calls in any span of so many milliseconds. */
export interface Rate {
  readonly name: string;
  readonly calls: number;
  readonly everyMs: number;
}

/** Grants are kept to this share of their window, so that a state stays a few numbers. */
const GRAIN = 20;

const grainOf = (everyMs: number) => Math.max(1, Math.ceil(everyMs / GRAIN));

/** The longest that a grant may count: its window, the time in which it may be used, a grain. */
const longest = (rate: Rate, lifeMs: number) => rate.everyMs + lifeMs + grainOf(rate.everyMs);

/**
 * What still counts. A clock that was set back leaves grants that would count for too long; they
 * count as if they were made now.
 */
function current(rate: Rate, grants: Grants, now: number, lifeMs: number): Grants {
  const last = now + longest(rate, lifeMs);
  return grants
    .filter(([until]) => until > now)
    .map(([until, calls]) => [Math.min(until, last), calls]);
}

const sum = (grants: Grants) => grants.reduce((total, [, calls]) => total + calls, 0);

/** How many calls the rate has room for now, of `most` at once. */
export function roomIn(
  rate: Rate,
  grants: Grants,
  now: number,
  most: number,
  lifeMs: number,
): number {
  return Math.max(0, most - sum(current(rate, grants, now, lifeMs)));
}

/** When there is room for one call, of `most` at once: now, or as grants cease to count. */
export function roomFrom(
  rate: Rate,
  grants: Grants,
  now: number,
  most: number,
  lifeMs: number,
): number {
  const counting = current(rate, grants, now, lifeMs);
  let used = sum(counting);
  if (used < most) return now;
  for (const [until, calls] of counting) {
    used -= calls;
    if (used < most) return until;
  }
  return now + rate.everyMs;
}

/**
 * Grants calls that may be made until `lifeMs` from now. They count until the last of them has
 * left its window, so that no window ever sees more calls than were granted for it.
 */
export function grant(
  rate: Rate,
  grants: Grants,
  now: number,
  calls: number,
  lifeMs: number,
): Grants {
  const grain = grainOf(rate.everyMs);
  const until = Math.ceil((now + rate.everyMs + lifeMs) / grain) * grain;
  const merged = new Map(current(rate, grants, now, lifeMs));
  merged.set(until, (merged.get(until) ?? 0) + calls);
  return [...merged].toSorted(([one], [other]) => one - other);
}
