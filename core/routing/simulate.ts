import { calendarFor } from '#core/handoff/calendar.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Routing } from './asking.ts';
import { availability } from './availability.ts';
import { dateFor, type LoadRecord, loadFrom, loadsAsked, withLead } from './load.ts';
import type { PastLead } from './past-lead.ts';
import type { RoutingPolicy } from './policy.ts';
import type { RotationState } from './rotation.ts';
import { type RoutingFacts, routeLead } from './route-lead.ts';
import type { Load } from './share.ts';

/** What a policy would have done with a lead. */
export interface SimulatedLead {
  readonly lead: PastLead;
  readonly routing: Routing;
}

/** What is known of an account's owner while leads are routed. */
interface World {
  readonly owners: Map<string, string>;
  readonly rotation: Record<string, RotationState>;
  readonly loads: Map<string, LoadRecord>;
  /** Leads by who has them, with when they are done. */
  readonly open: Map<string, { readonly id: string; readonly until: number }[]>;
}

type Deps = Pick<Playbook, 'people' | 'calendars'>;

/** A lead that nobody closed counts as open for so long. */
const OPEN_MS = 30 * 86_400_000;

/**
 * Routes past leads by a policy, in the order in which they came, as the hub would have done: with
 * absences of the time, turns, loads, and accounts that keep the owner they got. The same leads
 * give the same answer; nothing is changed by it.
 */
export function simulate(
  policy: RoutingPolicy,
  playbook: Deps,
  leads: readonly PastLead[],
): SimulatedLead[] {
  const world: World = {
    owners: new Map(),
    rotation: {},
    loads: new Map(),
    open: new Map(),
  };
  return leads
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))
    .map((lead) => ({ lead, routing: place(policy, playbook, lead, world) }));
}

function place(policy: RoutingPolicy, playbook: Deps, lead: PastLead, world: World): Routing {
  const now = new Date(lead.at);
  const asked = loadsAsked(policy, playbook.people);
  const loads = Object.fromEntries(
    [...asked.keys()].map(({ email }) => [email, loadOf(playbook, email, world, now)]),
  );
  const routing = routeLead(policy, factsOf(lead, world), {
    people: playbook.people,
    isAvailable: (email) => availability(playbook, email, now),
    exclude: [],
    rotation: world.rotation,
    loads,
    now,
  });
  note(routing, lead, playbook, world);
  return routing;
}

function factsOf(lead: PastLead, { owners }: World): RoutingFacts {
  const owner = lead.account?.owner ?? owners.get(lead.accountId ?? '');
  if (owner === undefined) return lead;
  return { ...lead, account: { ...lead.account, owner } };
}

function loadOf(playbook: Deps, email: string, { loads, open }: World, now: Date): Load {
  const date = dateFor(calendarFor(playbook, email), now);
  const waiting = (open.get(email) ?? []).filter(({ until }) => until > now.getTime());
  return loadFrom(
    loads.get(email),
    waiting.map(({ id }) => id),
    { date, now },
  );
}

function note({ owner, rotation }: Routing, lead: PastLead, playbook: Deps, world: World): void {
  if (rotation !== undefined) world.rotation[rotation.pool] = rotation.state;
  if (owner === undefined) return;
  const now = new Date(lead.at);
  if (lead.accountId !== undefined) world.owners.set(lead.accountId, owner);
  const date = dateFor(calendarFor(playbook, owner), now);
  world.loads.set(owner, withLead(world.loads.get(owner), { person: lead.id, date, now }));
  const until = lead.closedAt === undefined ? now.getTime() + OPEN_MS : Date.parse(lead.closedAt);
  const before = (world.open.get(owner) ?? []).filter((one) => one.until > now.getTime());
  world.open.set(owner, [...before, { id: lead.id, until }]);
}

/**
 * The same leads in another order: each comes at a moment at which some other one came. What a
 * policy does with several orders tells its fairness from luck. `random` gives numbers from 0 to 1.
 */
export function shuffled(leads: readonly PastLead[], random: () => number): PastLead[] {
  const moments = leads.map(({ at, closedAt }) => ({ at, closedAt }));
  for (let last = moments.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [moments[last], moments[other]];
    if (one === undefined || two === undefined) continue;
    moments[last] = two;
    moments[other] = one;
  }
  return leads.map((lead, index) => ({ ...lead, ...moments[index] }));
}
