import { findSalesperson, type People } from '#core/people.ts';
import { unfit, type Wanted } from './ask-pool.ts';
import { appliesWherever, neverApplies } from './implied.ts';
import {
  PRECEDENCE,
  type RoutingPolicy,
  type RuleTier,
  type Territory,
  type Tier,
} from './policy.ts';
import { countriesOf, meet, type TerritorySpan } from './territory.ts';

type Complain = (path: readonly (string | number)[], message: string) => void;

const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));

function complainOfRepeats(values: readonly string[], complain: (index: number) => void): void {
  for (const [index, value] of values.entries()) {
    if (values.indexOf(value) < index) complain(index);
  }
}

/**
 * What is wrong with a routing policy beyond its form: names that are not there, tiers that no lead
 * can reach, territories that claim the same country at the same time, pools in which nobody can do
 * what is asked, tiers out of their order. It says only what is certain, so it may miss something.
 */
export function checkPolicy(policy: RoutingPolicy, people: People, complain: Complain): void {
  checkPools(policy, people, complain);
  complainOfRepeats(
    policy.tiers.map(({ id }) => id),
    (index) => complain(['tiers', index, 'id'], 'is the id of an earlier tier'),
  );
  for (const [index, tier] of policy.tiers.entries()) {
    checkTier(tier, policy, people, (path, message) =>
      complain(['tiers', index, ...path], message),
    );
  }
  checkOrder(policy.tiers, complain);
  checkReach(policy, people, complain);
  checkTerritories(policy, complain);
  const { pool } = policy.catchAll;
  if (pool !== undefined && policy.pools[pool] === undefined) {
    complain(
      ['catchAll', 'pool'],
      `no pool "${pool}"; there are ${list(Object.keys(policy.pools))}`,
    );
  }
}

function checkPools({ pools }: RoutingPolicy, people: People, complain: Complain): void {
  for (const [pool, { members }] of Object.entries(pools)) {
    for (const [index, { email }] of members.entries()) {
      if (findSalesperson(people, { email }) !== undefined) continue;
      complain(
        ['pools', pool, 'members', index, 'email'],
        `"${email}" is not among the salespeople`,
      );
    }
    complainOfRepeats(
      members.map(({ email }) => email.toLowerCase()),
      (index) => complain(['pools', pool, 'members', index, 'email'], 'is in the pool twice'),
    );
  }
}

function checkTier(tier: Tier, policy: RoutingPolicy, people: People, complain: Complain): void {
  if ('use' in tier) return;
  const { owner, territory } = tier;
  if (owner !== undefined && findSalesperson(people, { email: owner }) === undefined) {
    complain(['owner'], `"${owner}" is not among the salespeople`);
  }
  if (territory !== undefined && policy.territories[territory] === undefined) {
    const known = list(Object.keys(policy.territories));
    complain(['territory'], `no territory "${territory}"; there are ${known}`);
  } else if (neverApplies(tier, policy.territories)) {
    complain(
      [],
      'never applies, because what it asks for contradicts itself; mend "when", or drop the tier',
    );
  }
  checkAble(tier, policy, people, complain);
}

/** Whether anybody in the pool of a tier can have its leads. */
function checkAble(
  { pool, territory, requires }: RuleTier,
  { pools }: RoutingPolicy,
  people: People,
  complain: Complain,
): void {
  if (pool === undefined) return;
  const members = pools[pool]?.members;
  if (members === undefined) {
    complain(['pool'], `no pool "${pool}"; there are ${list(Object.keys(pools))}`);
    return;
  }
  const some = (wanted: Wanted) => members.some((member) => isFit(member, wanted, people));
  if (!some({ territory })) {
    complain(['pool'], `nobody in the pool "${pool}" serves the territory "${territory}"`);
  } else if (!some({ territory, requires })) {
    complain(
      ['requires'],
      `nobody in the pool "${pool}" who is asked can do this; give the skill or language to somebody in people.json`,
    );
  }
}

function isFit({ email }: { email: string }, wanted: Wanted, people: People): boolean {
  const salesperson = findSalesperson(people, { email });
  return salesperson !== undefined && unfit(salesperson, wanted) === undefined;
}

/** Tiers that say what kind they are stand in the order of precedence. */
function checkOrder(tiers: readonly Tier[], complain: Complain): void {
  const rank = ({ precedence }: Tier) =>
    precedence === undefined ? undefined : PRECEDENCE.indexOf(precedence);
  for (const [index, tier] of tiers.entries()) {
    const own = rank(tier);
    if (own === undefined) continue;
    const lower = tiers.slice(0, index).find((earlier) => (rank(earlier) ?? -1) > own);
    if (lower === undefined) continue;
    complain(
      ['tiers', index, 'precedence'],
      `"${tier.precedence}" goes before "${lower.precedence}"; move this tier above "${lower.id}"`,
    );
  }
}

/** Who can get a lead of a tier at all, and whether nothing but absence keeps them from it. */
function takers(tier: RuleTier, { pools }: RoutingPolicy, people: People) {
  const { owner, pool = '', territory, requires } = tier;
  const wanted = { territory, requires };
  const { members = [], caps } = pools[pool] ?? {};
  const asked =
    owner === undefined
      ? members.filter((member) => isFit(member, wanted, people)).map(({ email }) => email)
      : [owner];
  const known = asked.flatMap((email) => findSalesperson(people, { email }) ?? []);
  const free = (one: (typeof known)[number]) =>
    one.caps === undefined && one.startedOn === undefined && caps === undefined;
  return {
    who: new Set(known.map(({ email }) => email)),
    unbounded: owner !== undefined || known.every(free),
  };
}

/** A tier is out of reach when an earlier one applies wherever it does and can ask all of its people. */
function checkReach(policy: RoutingPolicy, people: People, complain: Complain): void {
  const rules = policy.tiers.flatMap((tier, index) =>
    'use' in tier ? [] : [{ tier, index, ...takers(tier, policy, people) }],
  );
  for (const later of rules) {
    if (neverApplies(later.tier, policy.territories) || later.who.size === 0) continue;
    const winner = rules.find(
      (earlier) =>
        earlier.index < later.index &&
        (earlier.unbounded || isOnePool(earlier.tier, later.tier)) &&
        [...later.who].every((email) => earlier.who.has(email)) &&
        appliesWherever(earlier.tier, later.tier, policy.territories),
    );
    if (winner === undefined) continue;
    complain(
      ['tiers', later.index],
      `no lead ever gets here, because the tier "${winner.tier.id}" takes all of them first; move this one above it, or drop it`,
    );
  }
}

const isOnePool = (one: RuleTier, other: RuleTier) =>
  one.pool !== undefined && one.pool === other.pool;

/** A country at one time belongs to one territory, unless a narrower one is asked before a wider. */
function checkTerritories(policy: RoutingPolicy, complain: Complain): void {
  const { territories } = policy;
  for (const [id, territory] of Object.entries(territories)) {
    for (const country of twice(territory)) {
      complain(['territories', id], `has ${country} twice at the same time`);
    }
  }
  const asked = askedInOrder(policy);
  for (const [index, later] of asked.entries()) {
    for (const earlier of asked.slice(0, index)) {
      const common = claimed(territories[earlier] ?? [], territories[later] ?? []);
      if (common.length === 0) continue;
      complain(
        ['territories', later],
        `shares ${list(common)} with "${earlier}" at the same time, and that one is asked first; take them out of one of the two, or give them dates`,
      );
    }
  }
}

function twice(territory: Territory): string[] {
  const repeated = (spans: readonly TerritorySpan[]) =>
    spans.some((span, index) => spans.slice(0, index).some((one) => meet(one, span)));
  return [...countriesOf(territory)].flatMap(([country, spans]) =>
    repeated(spans) ? [country] : [],
  );
}

/** The territories that tiers ask about with no further question: those want each of their leads. */
function askedInOrder({ territories, tiers }: RoutingPolicy): string[] {
  const asked = tiers.flatMap((tier) =>
    'use' in tier || tier.when !== undefined || tier.requires !== undefined
      ? []
      : (tier.territory ?? []),
  );
  return [...new Set(asked)].filter((id) => territories[id] !== undefined);
}

/** What two territories both claim, unless the first is the narrower one and nothing but a part. */
function claimed(earlier: Territory, later: Territory): string[] {
  const [firsts, others] = [countriesOf(earlier), countriesOf(later)];
  const common = [...firsts].flatMap(([country, spans]) =>
    spans.some((span) => others.get(country)?.some((their) => meet(span, their))) ? [country] : [],
  );
  return common.length === firsts.size && common.length < others.size ? [] : common;
}
