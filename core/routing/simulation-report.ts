import type { People } from '#core/people.ts';
import { jainIndex } from './fairness.ts';
import type { PastLead } from './past-lead.ts';
import type { RoutingPolicy } from './policy.ts';
import type { SimulatedLead } from './simulate.ts';

export interface PersonShare {
  readonly who: string;
  readonly weight: number;
  readonly leads: number;
  readonly valueMinor: number;
  /** The most they had open at once. */
  readonly mostOpen: number;
  /** How many they really got, where that is known of any lead. */
  readonly actual?: number | undefined;
}

/** How even the shares of the members of one pool are, for what that pool gave. */
export interface PoolFairness {
  readonly pool: string;
  readonly leads: number;
  readonly byCount: number;
  readonly byValue: number;
}

export interface SimulationReport {
  readonly leads: number;
  readonly people: readonly PersonShare[];
  readonly pools: readonly PoolFairness[];
  /** Of all that people received, whoever gave it, by weight; 1 is even. */
  readonly fairness: { readonly byCount: number; readonly byValue: number };
  readonly rules: readonly { readonly rule: string; readonly leads: number }[];
  readonly catchAll: {
    readonly leads: number;
    readonly queued: number;
    readonly because: readonly { readonly why: string; readonly leads: number }[];
  };
  /** Against what happened, over the leads of which that is known. */
  readonly compared?:
    | {
        readonly leads: number;
        readonly same: number;
        readonly byCount: number;
      }
    | undefined;
  /** Leads that are open at the end of each week, by person. */
  readonly openByWeek: readonly {
    readonly week: string;
    readonly open: Readonly<Record<string, number>>;
  }[];
}

/** What a simulation says of a policy: who gets what, how fairly, and what nobody takes. */
export function reportOf(
  simulated: readonly SimulatedLead[],
  policy: RoutingPolicy,
  people: People,
): SimulationReport {
  const shares = peopleOf(policy, simulated).map((who) => shareOf(who, simulated, policy, people));
  return {
    leads: simulated.length,
    people: shares.toSorted((one, other) => other.leads - one.leads),
    pools: Object.keys(policy.pools).map((pool) => fairnessOf(pool, simulated, policy, people)),
    fairness: {
      byCount: jainIndex(shares.map(({ leads, weight }) => ({ amount: leads, weight }))),
      byValue: jainIndex(shares.map(({ valueMinor, weight }) => ({ amount: valueMinor, weight }))),
    },
    rules: counted(simulated.map(({ routing }) => routing.rule)).map(([rule, leads]) => ({
      rule,
      leads,
    })),
    catchAll: catchAllOf(simulated),
    compared: comparedOf(simulated, shares),
    openByWeek: openByWeek(simulated),
  };
}

/** All who could get a lead or got one, in the order of the policy. */
function peopleOf(policy: RoutingPolicy, simulated: readonly SimulatedLead[]): string[] {
  const members = Object.values(policy.pools).flatMap((pool) => pool.members);
  const owners = policy.tiers.flatMap((tier) => ('use' in tier ? [] : (tier.owner ?? [])));
  const given = simulated.flatMap(({ routing }) => routing.owner ?? []);
  return [...new Set([...members.map(({ email }) => email), ...owners, ...given])];
}

const worthOf = ({ valueMinor = 0 }: PastLead) => valueMinor;
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const weightOf = (who: string, people: People) =>
  people.salespeople.find(({ email }) => email === who)?.weight ?? 1;

function shareOf(
  who: string,
  simulated: readonly SimulatedLead[],
  policy: RoutingPolicy,
  people: People,
): PersonShare {
  const own = simulated.filter(({ routing }) => routing.owner === who).map(({ lead }) => lead);
  const inPools = Object.values(policy.pools).flatMap(({ members }) =>
    members.filter(({ email }) => email === who),
  );
  const known = simulated.some(({ lead }) => lead.actual !== undefined);
  return {
    who,
    weight: inPools[0]?.weight ?? weightOf(who, people),
    leads: own.length,
    valueMinor: sum(own.map(worthOf)),
    mostOpen: mostOpen(own),
    ...(known && { actual: simulated.filter(({ lead }) => lead.actual === who).length }),
  };
}

/** What ends at a moment is over before what begins at it. */
function mostOpen(leads: readonly PastLead[]): number {
  const changes = leads.flatMap(({ at, closedAt }) => [
    { at: Date.parse(at), by: 1 },
    ...(closedAt === undefined ? [] : [{ at: Date.parse(closedAt), by: -1 }]),
  ]);
  let open = 0;
  let most = 0;
  for (const { by } of changes.toSorted((one, other) => one.at - other.at || one.by - other.by)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}

function fairnessOf(
  pool: string,
  simulated: readonly SimulatedLead[],
  policy: RoutingPolicy,
  people: People,
): PoolFairness {
  const given = simulated.filter(({ routing }) => routing.pool === pool);
  const members = (policy.pools[pool]?.members ?? []).map(({ email, weight }) => ({
    weight: weight ?? weightOf(email, people),
    own: given.filter(({ routing }) => routing.owner === email).map(({ lead }) => lead),
  }));
  return {
    pool,
    leads: given.length,
    byCount: jainIndex(members.map(({ weight, own }) => ({ weight, amount: own.length }))),
    byValue: jainIndex(
      members.map(({ weight, own }) => ({ weight, amount: sum(own.map(worthOf)) })),
    ),
  };
}

/** Most frequent first. */
function counted(words: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function catchAllOf(simulated: readonly SimulatedLead[]): SimulationReport['catchAll'] {
  const caught = simulated.filter(({ routing }) => routing.rule === 'catch-all');
  const why = caught.map(({ routing: { unplaced, inputs } }) =>
    unplaced.length > 0
      ? `nobody was free under ${unplaced.join(', ')}`
      : `no rule knows ${inputs['country'] === undefined ? 'a lead without a country' : `the country ${inputs['country']}`}`,
  );
  return {
    leads: caught.length,
    queued: caught.filter(({ routing }) => routing.owner === undefined).length,
    because: counted(why).map(([reason, leads]) => ({ why: reason, leads })),
  };
}

function comparedOf(
  simulated: readonly SimulatedLead[],
  shares: readonly PersonShare[],
): SimulationReport['compared'] {
  const known = simulated.filter(({ lead }) => lead.actual !== undefined);
  if (known.length === 0) return undefined;
  const same = known.filter(({ lead, routing }) => lead.actual === (routing.owner ?? null));
  return {
    leads: known.length,
    same: same.length,
    byCount: jainIndex(shares.map(({ actual = 0, weight }) => ({ amount: actual, weight }))),
  };
}

const WEEK_MS = 7 * 86_400_000;

function openByWeek(simulated: readonly SimulatedLead[]): SimulationReport['openByWeek'] {
  const first = simulated[0]?.lead.at;
  const last = simulated.at(-1)?.lead.at;
  if (first === undefined || last === undefined) return [];
  const weeks = Math.floor((Date.parse(last) - Date.parse(first)) / WEEK_MS) + 1;
  return Array.from({ length: weeks }, (_, index) => {
    const until = Date.parse(first) + (index + 1) * WEEK_MS;
    const open = simulated.filter(
      ({ lead: { at, closedAt } }) =>
        Date.parse(at) < until && (closedAt === undefined || Date.parse(closedAt) >= until),
    );
    const owners = open.flatMap(({ routing }) => routing.owner ?? []);
    return {
      week: new Date(until).toISOString().slice(0, 10),
      open: Object.fromEntries(counted(owners)),
    };
  });
}
