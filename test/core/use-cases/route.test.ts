import { identify } from '#core/intake/identify.ts';
import type { Hub } from '#core/ports/hub.ts';
import { LOG_PREFIX, LogEntry } from '#core/records/log-entry.ts';
import { readAll } from '#core/records/store.ts';
import { LoadRecord, loadKey } from '#core/routing/load.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { matchAccount } from '#core/steps/match-account.ts';
import { route } from '#core/steps/route.ts';
import type { StepRun } from '#core/steps/step-run.ts';
import { ANNA, JONAS, openHubOfRecords } from '#test/support/hand-off-world.ts';
import { demoRequest, event, minute } from '#test/support/lead-events.ts';

const LUCIA = 'lucia.ferrari@northwind.example';

const withPool = (pool: object) => (hub: Hub) => {
  const policy = RoutingPolicy.parse({
    tiers: [
      {
        ...{ id: 'all', pool: 'all', because: 'everybody takes turns' },
        when: { field: 'country', is: 'DE' },
      },
    ],
    pools: {
      all: { members: [ANNA, JONAS, LUCIA].map((email) => ({ email, weight: 1 })), ...pool },
    },
    catchAll: { queue: 'unrouted' },
  });
  return { ...hub, playbook: { ...hub.playbook, routing: { inbound: policy } } };
};

/** So many people of as many companies, none of them routed yet. */
async function leads(world: Awaited<ReturnType<typeof openHubOfRecords>>, count: number) {
  const emails = Array.from({ length: count }, (_, index) => `lead@company-${index}.com`);
  for (const email of emails) {
    await world.tell(
      demoRequest(minute(0), { subject: { email }, person: { email, country: 'DE' } }),
    );
  }
  return Promise.all(
    emails.map(async (email, index): Promise<StepRun> => {
      const { personId = '' } = await identify(world.hub.records, { email });
      return {
        ...{ run: `run-${index}`, step: 'route', workflow: 'inbound-lead', person: personId },
        ...{ event: 'e', entered: minute(0), handoff: null, route: null, reason: null },
        score: { rating: 'hot', lane: 'hand-raiser' },
      };
    }),
  );
}

const countOf = (routed: readonly { owner: string | null }[], who: string | null) =>
  routed.filter(({ owner }) => owner === who).length;

test.each(['smooth', 'stride', 'least-loaded'])(
  'leads that are routed at once lose no turn (%s)',
  async (by) => {
    using world = await openHubOfRecords(withPool({ by }));
    const steps = await leads(world, 9);
    const routed = await Promise.all(
      steps.map((step) => route(world.hub, step, { policy: 'inbound' })),
    );
    expect([ANNA, JONAS, LUCIA].map((who) => countOf(routed, who))).toEqual([3, 3, 3]);
    const again = await Promise.all(
      steps.map((step) => route(world.hub, step, { policy: 'inbound' })),
    );
    expect(again).toEqual(routed);
  },
);

test('nobody gets more than their cap, and what is over goes to the queue with its reasons', async () => {
  using world = await openHubOfRecords(withPool({ caps: { perDay: 2, open: 5 } }));
  const steps = await leads(world, 7);
  const routed: Awaited<ReturnType<typeof route>>[] = [];
  for (const step of steps) routed.push(await route(world.hub, step, { policy: 'inbound' }));
  expect([ANNA, JONAS, LUCIA, null].map((who) => countOf(routed, who))).toEqual([2, 2, 2, 1]);
  expect(routed.at(-1)).toMatchObject({ queue: 'unrouted', rule: 'catch-all' });

  const item = await world.hub.records.get(loadKey(ANNA));
  expect(LoadRecord.parse(item?.data).days).toEqual({ '2026-12-07': 2 });

  const pk = `PERSON#${steps.at(-1)?.person}`;
  const timeline = await readAll(world.hub.records, LogEntry, { pk, prefix: LOG_PREFIX });
  expect(timeline.find(({ kind }) => kind === 'decision')?.detail).toMatchObject({
    unplaced: ['all'],
    inputs: { country: 'DE', rating: 'hot', lane: 'hand-raiser' },
    skipped: [ANNA, JONAS, LUCIA].map((who) => ({ who, why: 'had 2 of at most 2 today' })),
  });
});

describe('who is in a deal', () => {
  const byDeals = (hub: Hub) => {
    const policy = RoutingPolicy.parse({
      tiers: [
        { id: 'deal', use: 'open-opportunity', because: 'whoever is in a deal goes on' },
        { id: 'owner', use: 'account-owner', because: 'one face per account' },
      ],
      pools: {},
      catchAll: { queue: 'unrouted' },
    });
    return { ...hub, playbook: { ...hub.playbook, routing: { inbound: policy } } };
  };
  const EMAILS = ['ada@company-0.com', 'bob@company-0.com'] as const;
  const opportunity = (minutes: number, outcome: 'open' | 'won' | 'lost', owner?: string) =>
    event<'opportunity.changed'>({
      type: 'opportunity.changed',
      at: minute(minutes),
      subject: { email: EMAILS[0] },
      opportunity: {
        ref: { connection: 'crm', kind: 'deal', id: '006' },
        ...{ stage: 'Proposal', outcome, ...(owner && { owner }) },
      },
    });

  /** Two colleagues at an account of Jonas's; the first of them has the deal. */
  async function openDeal() {
    const world = await openHubOfRecords(byDeals);
    const steps: StepRun[] = [];
    for (const [index, email] of EMAILS.entries()) {
      await world.tell(demoRequest(minute(index), { subject: { email }, person: { email } }));
      const { personId = '' } = await identify(world.hub.records, { email });
      const step: StepRun = {
        ...{ run: `run-${index}`, step: 'route', workflow: 'inbound-lead', person: personId },
        ...{ event: 'e', entered: minute(0), handoff: null, route: null, reason: null },
        score: { rating: 'hot', lane: 'hand-raiser' },
      };
      await matchAccount(world.hub, { ...step, step: 'match' });
      steps.push(step);
    }
    await world.tell(
      event<'account.changed'>({
        ...{ type: 'account.changed', at: minute(5), subject: {} },
        account: { domain: 'company-0.com', owner: JONAS },
      }),
    );
    let visits = 0;
    const routed = (who: 0 | 1) => {
      visits += 1;
      const step = steps[who];
      if (step === undefined) throw new Error(`There is no lead ${who}.`);
      return route(world.hub, { ...step, entered: minute(100 + visits) }, { policy: 'inbound' });
    };
    return { ...world, routed };
  }

  test('goes before the owner of the account, for all of the account, while it is open', async () => {
    using world = await openDeal();
    expect(await world.routed(1)).toMatchObject({ owner: JONAS, rule: 'owner' });
    await world.tell(opportunity(10, 'open', LUCIA));
    expect(await world.routed(0)).toMatchObject({ owner: LUCIA, rule: 'deal' });
    expect(await world.routed(1)).toMatchObject({ owner: LUCIA, rule: 'deal' });
    await world.tell(opportunity(12, 'lost', LUCIA));
    expect(await world.routed(1)).toMatchObject({ owner: JONAS, rule: 'owner' });
    await world.tell(opportunity(11, 'open', LUCIA));
    expect(await world.routed(0)).toMatchObject({ owner: JONAS, rule: 'owner' });
  });

  test('of whom the CRM tells nothing is nobody', async () => {
    using world = await openDeal();
    await world.tell(opportunity(10, 'open', '005-of-the-crm'));
    expect(await world.routed(1)).toMatchObject({ owner: JONAS, rule: 'owner' });
  });
});
