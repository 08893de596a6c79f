import type { TargetList } from './target-list.ts';

/** What is known of a target beyond the list. */
export interface Known {
  readonly domain: string;
  readonly owner?: string | undefined;
  readonly people: number;
  readonly touches: number;
}

export interface CoveredTarget extends Known {
  readonly name?: string | undefined;
  readonly tier: string;
  readonly goal?: string | undefined;
}

export interface Seats {
  readonly owner: string;
  readonly targets: number;
  /** Whether it is more than the list allows. */
  readonly over: boolean;
}

export interface TierCoverage {
  readonly tier: string;
  readonly targets: number;
  readonly withPeople: number;
  readonly withTouches: number;
  readonly withOwner: number;
}

export interface Coverage {
  readonly targets: readonly CoveredTarget[];
  readonly withPeople: number;
  readonly withTouches: number;
  readonly withOwner: number;
  /** The same for each tier, in the order of the list. */
  readonly tiers: readonly TierCoverage[];
  /** Who looks after how many, whoever has most first. */
  readonly seats: readonly Seats[];
}

/** Which targets have people that we know, touches of theirs, and an owner. */
export function coverageOf(list: TargetList, known: readonly Known[]): Coverage {
  const byDomain = new Map(known.map((one) => [one.domain, one]));
  const targets = list.accounts.map(({ domain, name, tier, goal, owner }): CoveredTarget => {
    const { people = 0, touches = 0, owner: found } = byDomain.get(domain) ?? {};
    return { domain, name, tier, goal, owner: owner ?? found, people, touches };
  });
  return {
    targets,
    ...counted(targets),
    tiers: list.tiers.map(({ id }) => {
      const ofTier = targets.filter(({ tier }) => tier === id);
      return { tier: id, targets: ofTier.length, ...counted(ofTier) };
    }),
    seats: seatsOf(targets, list.seats),
  };
}

const counted = (targets: readonly CoveredTarget[]) => ({
  withPeople: targets.filter(({ people }) => people > 0).length,
  withTouches: targets.filter(({ touches }) => touches > 0).length,
  withOwner: targets.filter(({ owner }) => owner !== undefined).length,
});

function seatsOf(targets: readonly CoveredTarget[], most: number): Seats[] {
  const taken = new Map<string, number>();
  for (const { owner } of targets) {
    if (owner !== undefined) taken.set(owner, (taken.get(owner) ?? 0) + 1);
  }
  return [...taken]
    .map(([owner, count]) => ({ owner, targets: count, over: count > most }))
    .sort((one, other) => other.targets - one.targets || one.owner.localeCompare(other.owner));
}
