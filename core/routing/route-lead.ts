import type { PersonFacts } from '#core/events.ts';
import type { AccountFacts } from '#core/scoring/account-facts.ts';
import { holds } from '#core/scoring/condition.ts';
import { askPool } from './ask-pool.ts';
import {
  type Asking,
  type Decided,
  isFree,
  knownSalesperson,
  type Routing,
  type RoutingDeps,
} from './asking.ts';
import type { OwnerTier, RoutingPolicy, RuleTier, Tier } from './policy.ts';
import { liesIn } from './territory.ts';

export interface RoutingFacts {
  readonly person: PersonFacts;
  readonly account?: AccountFacts | undefined;
  /** The e-mail address of who has an open opportunity with this lead. */
  readonly opportunityOwner?: string | undefined;
  readonly score: { readonly rating: string; readonly lane: string };
}

/**
 * Asks the tiers in their order; the first one with somebody free decides. Nobody is passed over
 * in silence, and what no tier can place goes to the queue of the catch-all.
 */
export function routeLead(policy: RoutingPolicy, facts: RoutingFacts, deps: RoutingDeps): Routing {
  const skipped = new Map<string, { who: string; why: string }>();
  const skip = (who: string, why: string) => void skipped.set(`${who} ${why}`, { who, why });
  const unplaced: string[] = [];
  const decided = decide(facts, { ...deps, policy, skip }, unplaced);
  return {
    ...decided,
    skipped: [...skipped.values()].filter(({ who }) => who !== decided.owner),
    unplaced,
    inputs: inputsOf(facts, deps),
  };
}

function decide(facts: RoutingFacts, asking: Asking, unplaced: string[]): Decided {
  for (const tier of asking.policy.tiers) {
    if (!applies(tier, facts, asking)) continue;
    const decided = askTier(tier, facts, asking);
    if (decided !== undefined) return decided;
    unplaced.push(tier.id);
  }
  const { pool, queue, because = 'nobody else could take it' } = asking.policy.catchAll;
  const rule = { rule: 'catch-all', because };
  const fromPool = pool && askPool({ ...rule, pool }, {}, asking);
  return fromPool || { ...rule, queue, candidates: [] };
}

/** What a tier goes by that names an owner by the target list or by what the CRM says. */
const OWNERS = {
  'target-owner': ({ account }) => account?.targetOwner,
  'open-opportunity': ({ opportunityOwner }) => opportunityOwner,
  'account-owner': ({ account }) => account?.owner,
} satisfies Record<OwnerTier['use'], (facts: RoutingFacts) => string | undefined>;

const ownerIn = (use: OwnerTier['use'], facts: RoutingFacts) => OWNERS[use](facts);

function applies(tier: Tier, facts: RoutingFacts, { policy, now }: Asking): boolean {
  if ('use' in tier) return ownerIn(tier.use, facts) !== undefined;
  if (tier.when !== undefined && !holds(tier.when, facts)) return false;
  if (tier.territory === undefined) return true;
  return liesIn(policy.territories[tier.territory] ?? [], countryOf(facts), now);
}

const countryOf = ({ person, account }: RoutingFacts) => person.country ?? account?.country;

function askTier(tier: Tier, facts: RoutingFacts, asking: Asking): Decided | undefined {
  const rule = { rule: tier.id, because: tier.because };
  if ('use' in tier) return askOwner(ownerIn(tier.use, facts), rule, asking);
  const { pool, owner } = tier;
  if (pool === undefined) return askOwner(owner, rule, asking);
  return askPool({ ...rule, pool }, wantedOf(tier), asking);
}

const wantedOf = ({ territory, requires }: RuleTier) => ({ territory, requires });

function askOwner(
  owner: string | undefined,
  rule: { rule: string; because: string },
  asking: Asking,
): Decided | undefined {
  if (owner === undefined) return undefined;
  const salesperson = knownSalesperson(owner, asking);
  if (salesperson === undefined || !isFree(salesperson, asking)) return undefined;
  return { ...rule, owner: salesperson.email, candidates: [salesperson.email] };
}

function inputsOf(facts: RoutingFacts, { exclude }: RoutingDeps): Routing['inputs'] {
  const { person, account, opportunityOwner, score } = facts;
  const inputs = {
    rating: score.rating,
    lane: score.lane,
    country: countryOf(facts),
    employees: person.employees ?? account?.employees,
    industry: person.industry ?? account?.industry,
    targetAccount: account?.targetAccount,
    targetTier: account?.targetTier,
    targetOwner: account?.targetOwner,
    accountOwner: account?.owner,
    opportunityOwner,
    previousOwners: exclude.length === 0 ? undefined : exclude.join(', '),
  };
  const known = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Routing['inputs'];
}
