import type { PersonFacts } from '#core/events.ts';
import { findSalesperson, type People, type Salesperson } from '#core/people.ts';
import type { AccountFacts } from '#core/scoring/account-facts.ts';
import { holds } from '#core/scoring/condition.ts';
import type { RoutingPolicy, RuleTier, Tier } from './policy.ts';
import { nextInRotation, type RotationMember, type RotationState } from './rotation.ts';

export interface RoutingFacts {
  readonly person: PersonFacts;
  readonly account?: AccountFacts | undefined;
  readonly score: { readonly rating: string; readonly lane: string };
}

export interface RoutingDeps {
  readonly people: People;
  readonly isAvailable: (email: string) => { available: boolean; why?: string };
  /** Who had the lead before, in the words of the hand-off. */
  readonly exclude: readonly string[];
  readonly rotation: Readonly<Record<string, RotationState>>;
}

/** Who gets a lead and why, with everybody who was considered or passed over. */
export interface Routing {
  readonly owner?: string;
  readonly queue?: string;
  readonly rule: string;
  readonly because: string;
  readonly pool?: string;
  /** Who could have had it under the rule that decided. */
  readonly candidates: string[];
  readonly runnerUp?: string;
  readonly skipped: { who: string; why: string }[];
  /** The turn that was taken, to be stored along with the decision. */
  readonly rotation?: { pool: string; state: RotationState };
}

type Decided = Omit<Routing, 'skipped'>;
type Skip = (who: string, why: string) => void;

/**
 * Asks the tiers in their order; the first one with somebody free decides. Nobody is passed over
 * in silence, and what no tier can place goes to the queue of the catch-all.
 */
export function routeLead(policy: RoutingPolicy, facts: RoutingFacts, deps: RoutingDeps): Routing {
  const skipped = new Map<string, { who: string; why: string }>();
  const skip: Skip = (who, why) => skipped.set(`${who} ${why}`, { who, why });
  const decided = decide(policy, facts, deps, skip);
  return { ...decided, skipped: [...skipped.values()].filter(({ who }) => who !== decided.owner) };
}

function decide(
  policy: RoutingPolicy,
  facts: RoutingFacts,
  deps: RoutingDeps,
  skip: Skip,
): Decided {
  for (const tier of policy.tiers) {
    const decided = askTier(tier, policy, facts, deps, skip);
    if (decided !== undefined) return decided;
  }
  const { pool, queue, because = 'nobody else could take it' } = policy.catchAll;
  const rule = { rule: 'catch-all', because };
  const fromPool = pool && askPool(policy, { ...rule, pool }, () => true, deps, skip);
  return fromPool || { ...rule, queue, candidates: [] };
}

function askTier(
  tier: Tier,
  policy: RoutingPolicy,
  facts: RoutingFacts,
  deps: RoutingDeps,
  skip: Skip,
): Decided | undefined {
  const rule = { rule: tier.id, because: tier.because };
  if ('use' in tier) return askOwner(facts.account?.owner, rule, deps, skip);
  if (!applies(tier, policy, facts)) return undefined;
  if (tier.pool === undefined) return askOwner(tier.owner, rule, deps, skip);
  return askPool(policy, { ...rule, pool: tier.pool }, serving(tier.territory), deps, skip);
}

function applies(tier: RuleTier, policy: RoutingPolicy, facts: RoutingFacts): boolean {
  if (tier.when !== undefined && !holds(tier.when, facts)) return false;
  if (tier.territory === undefined) return true;
  const countries = policy.territories[tier.territory] ?? [];
  const country = facts.person.country ?? facts.account?.country;
  return country !== undefined && countries.includes(country.trim().toUpperCase());
}

/** Whoever names no territories serves all of them. */
const serving =
  (territory: string | undefined) =>
  ({ territories }: Salesperson): boolean =>
    territory === undefined || territories === undefined || territories.includes(territory);

function askOwner(
  owner: string | undefined,
  rule: { rule: string; because: string },
  deps: RoutingDeps,
  skip: Skip,
): Decided | undefined {
  if (owner === undefined) return undefined;
  const salesperson = freeSalesperson(owner, deps, skip);
  if (salesperson === undefined) return undefined;
  return { ...rule, owner: salesperson.email, candidates: [salesperson.email] };
}

function askPool(
  policy: RoutingPolicy,
  rule: { rule: string; because: string; pool: string },
  serves: (salesperson: Salesperson) => boolean,
  deps: RoutingDeps,
  skip: Skip,
): Decided | undefined {
  const members: RotationMember[] = [];
  for (const { email, weight } of policy.pools[rule.pool]?.members ?? []) {
    const known = findSalesperson(deps.people, { email });
    if (known !== undefined && !serves(known)) continue;
    const salesperson = freeSalesperson(email, deps, skip);
    if (salesperson === undefined) continue;
    members.push({ email: salesperson.email, weight: weight ?? salesperson.weight });
  }
  const turn = nextInRotation(deps.rotation[rule.pool] ?? {}, members);
  if (turn === undefined) return undefined;
  return {
    ...rule,
    owner: turn.pick,
    candidates: members.map(({ email }) => email),
    ...(turn.runnerUp !== undefined && { runnerUp: turn.runnerUp }),
    rotation: { pool: rule.pool, state: turn.state },
  };
}

/** The salesperson, if there is one and they may have the lead now; else why not. */
function freeSalesperson(who: string, deps: RoutingDeps, skip: Skip): Salesperson | undefined {
  const salesperson = findSalesperson(deps.people, { email: who });
  if (salesperson === undefined) {
    skip(who, 'is not among the people of the playbook');
    return undefined;
  }
  const { email } = salesperson;
  if (deps.exclude.some((excluded) => excluded.toLowerCase() === email.toLowerCase())) {
    skip(email, 'had this lead before');
    return undefined;
  }
  const { available, why } = deps.isAvailable(email);
  if (!available) skip(email, why ?? 'is not available');
  return available ? salesperson : undefined;
}
