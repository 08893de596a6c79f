import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { inTurn } from '#core/effects/in-turn.ts';
import { HubError } from '#core/errors.ts';
import { type GaveBack, whoGaveBack } from '#core/handoff/gave-back.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { Account, accountItem, accountKey } from '#core/records/account.ts';
import { readLiving } from '#core/records/person.ts';
import { read, type Stored } from '#core/records/store.ts';
import type { Routing } from '#core/routing/asking.ts';
import { availability } from '#core/routing/availability.ts';
import type { RoutingPolicy } from '#core/routing/policy.ts';
import { routeLead } from '#core/routing/route-lead.ts';
import { withTarget } from '#core/targets/target-account.ts';
import { opportunityOwner } from './opportunity-owner.ts';
import { loadTaken, readLoads, readRotations, turnTaken } from './route-records.ts';
import { type StepRun, visitOf } from './step-run.ts';

const Routed = z.strictObject({
  owner: z.string().nullable(),
  queue: z.string().nullable(),
  rule: z.string(),
  policy: z.string(),
});

/**
 * Chooses the salesperson, or the queue, by a policy of the playbook. The choice, the turn it
 * took in its pool and the account's owner are written together, so that two leads of one account
 * that arrive at once go to one salesperson.
 */
export function route(
  hub: Hub,
  step: StepRun,
  options: { policy: string; exclude?: readonly string[] },
): Promise<z.infer<typeof Routed>> {
  const at = visitOf(step);
  const decide = async () => {
    const policy = policyOf(hub, options.policy);
    const score = scoreOf(step);
    const { data: person } = await readLiving(hub.records, step.person);
    const account =
      person.accountId === undefined
        ? undefined
        : await read(hub.records, Account, accountKey(person.accountId));
    const [stored, loads] = await Promise.all([
      readRotations(hub, options.policy, policy),
      readLoads(hub, policy),
    ]);
    const facts = {
      person: person.facts,
      ...(account === undefined ? {} : { account: await withTarget(hub.records, account.data) }),
      opportunityOwner: await opportunityOwner(hub, policy, person),
      score,
    };
    const deps = {
      people: hub.playbook.people,
      isAvailable: (email: string) => availability(hub.playbook, email, hub.now()),
      exclude: [...(options.exclude ?? [])],
      rotation: Object.fromEntries(
        [...stored].flatMap(([pool, one]) => (one === undefined ? [] : [[pool, one.data]])),
      ),
      loads: loads.loads,
      now: hub.now(),
    };
    const gaveBack = options.exclude === undefined ? await whoGaveBack(hub, step.person) : [];
    const routing = othersFirst(
      (back) => routeLead(policy, facts, { ...deps, gaveBack: back }),
      gaveBack,
    );
    const { owner = null, queue = null, rule } = routing;
    return {
      result: { owner, queue, rule, policy: options.policy },
      log: {
        title: `routed to ${owner ?? `queue ${queue}`}: ${routing.because}`,
        detail: {
          policy: options.policy,
          ...described(routing),
          ...(gaveBack.length === 0 ? {} : { gaveBack }),
        },
      },
      writes: [
        ...turnTaken(options.policy, routing.rotation, stored),
        ...loadTaken(hub, owner, step.person, loads),
        ...claim(account, owner, hub.now()),
      ],
    };
  };
  // All who route by a policy take turns in its pools.
  return inTurn(hub.records, `policy/${options.policy}`, () => decideOnce(hub, at, Routed, decide));
}

function policyOf({ playbook }: Hub, id: string): RoutingPolicy {
  const policy = playbook.routing[id];
  if (policy !== undefined) return policy;
  throw new HubError('config', 'policy_unknown', `The playbook has no routing policy '${id}'.`);
}

function scoreOf({ score, step }: StepRun): NonNullable<StepRun['score']> {
  if (score !== null) return score;
  throw new HubError(
    'config',
    'score_missing',
    `Step '${step}' routes by the score: let a score step come before it.`,
  );
}

/** The choice among all but those who gave the lead back; they have it where nobody else can. */
function othersFirst(
  ask: (gaveBack: readonly GaveBack[]) => Routing,
  gaveBack: readonly GaveBack[],
): Routing {
  const others = ask(gaveBack);
  if (others.owner !== undefined || gaveBack.length === 0) return others;
  const all = ask([]);
  return all.owner === undefined
    ? others
    : { ...all, because: `${all.because}; nobody is there but who gave it back before` };
}

function described(routing: Routing): Record<string, unknown> {
  const { rotation: _state, ...rest } = routing;
  return rest;
}

/** What the CRM says of an account's owner stands; what routing said moves with routing. */
function claim(account: Stored<Account> | undefined, owner: string | null, now: Date): Write[] {
  if (account === undefined || owner === null) return [];
  const { data, version } = account;
  if (data.ownerSetBy === 'crm' || data.owner === owner)
    return [{ check: accountKey(data.id), if: { version } }];
  const claimed: Account = { ...data, owner, ownerSetBy: 'routing', ownerSince: now.toISOString() };
  return [{ put: accountItem(claimed, version + 1), if: { version } }];
}
