import fc from 'fast-check';
import { Calendars } from '#core/clocks/calendar.ts';
import { People } from '#core/people.ts';
import { jainIndex } from '#core/routing/fairness.ts';
import { PastLead } from '#core/routing/past-lead.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { shuffled, simulate } from '#core/routing/simulate.ts';
import { reportOf } from '#core/routing/simulation-report.ts';

const ADA = 'ada@nw.example';
const BEN = 'ben@nw.example';

const playbook = (absences: object[] = []) => ({
  calendars: Calendars.parse({
    berlin: {
      timeZone: 'Europe/Berlin',
      hours: Object.fromEntries(
        ['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [['09:00', '17:00']]]),
      ),
    },
  }),
  people: People.parse({
    salespeople: [
      { email: ADA, name: 'Ada', team: 'eu', calendar: 'berlin', absences },
      { email: BEN, name: 'Ben', team: 'eu', calendar: 'berlin' },
    ],
  }),
});

const policyOf = (changes: object = {}) =>
  RoutingPolicy.parse({
    tiers: [
      { id: 'owner', use: 'account-owner', because: 'one face' },
      { id: 'german', when: { field: 'country', is: 'DE' }, pool: 'all', because: 'ours' },
    ],
    pools: { all: { members: [{ email: ADA }, { email: BEN }] } },
    catchAll: { queue: 'unrouted' },
    ...changes,
  });

/** A lead an hour, from a Monday morning on. */
const lead = (hour: number, changes: object = {}): PastLead =>
  PastLead.parse({
    id: `l${hour}`,
    at: new Date(Date.UTC(2026, 10, 2, 8) + hour * 3_600_000).toISOString(),
    person: { country: 'DE' },
    ...changes,
  });

const ownersOf = (policy: RoutingPolicy, leads: readonly PastLead[], book = playbook()) =>
  simulate(policy, book, leads).map(({ routing }) => routing.owner ?? routing.queue);

test.each([
  ['the same for all', [3, 3, 3], 1],
  ['everything to one of four', [8, 0, 0, 0], 0.25],
  ['one gets half of the other', [2, 1], 0.9],
  ['nothing', [0, 0], 1],
])('Jain: %s', (_, amounts, expected) => {
  const received = amounts.map((amount) => ({ amount, weight: 1 }));
  expect(jainIndex(received)).toBeCloseTo(expected, 12);
});

test('Jain goes by what is received for the weight', () => {
  expect(
    jainIndex([
      { amount: 6, weight: 3 },
      { amount: 2, weight: 1 },
    ]),
  ).toBe(1);
});

test('leads take turns in the order in which they came', () => {
  expect(ownersOf(policyOf(), [lead(2), lead(0), lead(1)])).toEqual([ADA, BEN, ADA]);
});

test('people of one account go to one owner', () => {
  const [one, two] = ['acme', 'zeta'].map((accountId) => ({ accountId }));
  const leads = [lead(0, one), lead(1, two), lead(2, two), lead(3, one)];
  expect(ownersOf(policyOf(), leads)).toEqual([ADA, BEN, BEN, ADA]);
});

test('absences of the time count', () => {
  const away = playbook([{ from: '2026-11-02', to: '2026-11-03' }]);
  const leads = [lead(0), lead(1), lead(72), lead(73)];
  expect(ownersOf(policyOf(), leads, away)).toEqual([BEN, BEN, ADA, BEN]);
});

test('caps count what was given', () => {
  const capped = policyOf({
    pools: { all: { members: [{ email: ADA }, { email: BEN }], caps: { perDay: 1 } } },
  });
  expect(ownersOf(capped, [lead(0), lead(1), lead(2), lead(24)])).toEqual([
    ADA,
    BEN,
    'unrouted',
    BEN,
  ]);
  const open = policyOf({
    pools: { all: { members: [{ email: ADA }, { email: BEN }], caps: { open: 1 } } },
  });
  const closedAt = lead(3).at;
  expect(ownersOf(open, [lead(0, { closedAt }), lead(1), lead(2), lead(4)])).toEqual([
    ADA,
    BEN,
    'unrouted',
    ADA,
  ]);
});

test('the report counts, weighs, compares and says why nobody took a lead', () => {
  const policy = policyOf();
  const leads = [
    lead(0, { valueMinor: 300, actual: ADA, closedAt: lead(5).at }),
    lead(1, { valueMinor: 100, actual: ADA }),
    lead(2, { valueMinor: 300, actual: null, person: { country: 'FR' } }),
    lead(3, { valueMinor: 0, actual: ADA, person: {} }),
  ];
  const report = reportOf(simulate(policy, playbook(), leads), policy, playbook().people);
  expect(report).toMatchObject({
    leads: 4,
    people: [
      { who: ADA, weight: 1, leads: 1, valueMinor: 300, mostOpen: 1, actual: 3 },
      { who: BEN, weight: 1, leads: 1, valueMinor: 100, mostOpen: 1, actual: 0 },
    ],
    fairness: { byCount: 1, byValue: 0.8 },
    pools: [{ pool: 'all', leads: 2, byCount: 1, byValue: 0.8 }],
    rules: [
      { rule: 'german', leads: 2 },
      { rule: 'catch-all', leads: 2 },
    ],
    catchAll: {
      ...{ leads: 2, queued: 2 },
      because: [
        { why: 'no rule knows the country FR', leads: 1 },
        { why: 'no rule knows a lead without a country', leads: 1 },
      ],
    },
    compared: { leads: 4, same: 2, byCount: 0.5 },
    openByWeek: [{ week: '2026-11-09', open: { [BEN]: 1 } }],
  });
});

test('nothing is routed of nothing', () => {
  const report = reportOf([], policyOf(), playbook().people);
  expect(report).toMatchObject({ leads: 0, openByWeek: [], fairness: { byCount: 1 } });
});

const anyLeads = fc
  .array(fc.record({ country: fc.constantFrom('DE', 'FR'), account: fc.nat({ max: 9 }) }), {
    maxLength: 40,
  })
  .map((all) =>
    all.map(({ country, account }, index) =>
      lead(index, { person: { country }, accountId: `a${account}` }),
    ),
  );

test('law: each lead is counted once, and the order of the list changes nothing', () => {
  fc.assert(
    fc.property(anyLeads, (leads) => {
      const [policy, book] = [policyOf(), playbook()];
      const report = reportOf(simulate(policy, book, leads), policy, book.people);
      const given = report.people.reduce((sum, each) => sum + each.leads, 0);
      expect(given + report.catchAll.queued).toBe(leads.length);
      const turned = simulate(policy, book, leads.toReversed());
      expect(reportOf(turned, policy, book.people)).toEqual(report);
    }),
    { numRuns: 30 },
  );
});

test('law: another order is made of the same leads and the same moments', () => {
  fc.assert(
    fc.property(
      anyLeads,
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (leads, stream) => {
        const other = shuffled(leads, () => stream.next().value ?? 0);
        expect(other.map(({ id }) => id)).toEqual(leads.map(({ id }) => id));
        expect(other.map(({ at }) => at).sort()).toEqual(leads.map(({ at }) => at).sort());
      },
    ),
    { numRuns: 30 },
  );
});
