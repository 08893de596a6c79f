import { checkTargets } from '#core/targets/check.ts';
import { coverageOf } from '#core/targets/coverage.ts';
import { targetDifferences } from '#core/targets/differences.ts';
import { TargetList } from '#core/targets/target-list.ts';
import { shippedPlaybook } from '../support/shipped-playbook.ts';

const list = TargetList.parse({
  parties: { marketing: ['m@acme.example'], sales: ['s@acme.example'] },
  proposedBy: 'marketing',
  reviewBy: '2027-03-31',
  seats: 1,
  tiers: [{ id: 'named', name: 'Named' }],
  accounts: [
    { domain: 'one.example', tier: 'named', owner: 'anna.keller@northwind.example' },
    { domain: 'two.example', tier: 'named' },
    { domain: 'three.example', tier: 'named' },
  ],
});

test('coverage counts the targets with people, with touches and with an owner', () => {
  const known = [
    { domain: 'one.example', owner: 'somebody@northwind.example', people: 0, touches: 0 },
    { domain: 'two.example', owner: 'anna.keller@northwind.example', people: 3, touches: 7 },
    { domain: 'elsewhere.example', people: 9, touches: 9 },
  ];
  const { targets, ...counts } = coverageOf(list, known);
  expect(targets.map(({ people, touches, owner }) => [people, touches, owner])).toEqual([
    [0, 0, 'anna.keller@northwind.example'],
    [3, 7, 'anna.keller@northwind.example'],
    [0, 0, undefined],
  ]);
  expect(counts).toEqual({
    withPeople: 1,
    withTouches: 1,
    withOwner: 2,
    tiers: [{ tier: 'named', targets: 3, withPeople: 1, withTouches: 1, withOwner: 2 }],
    seats: [{ owner: 'anna.keller@northwind.example', targets: 2, over: true }],
  });
});

test('what a list changes of another is told in words, and nothing where it changes nothing', () => {
  const [one, two, three] = list.accounts;
  const next = TargetList.parse({
    ...list,
    parties: { marketing: ['new@acme.example'], sales: list.parties.sales },
    proposedBy: 'sales',
    seats: 2,
    tiers: [...list.tiers, { id: 'cluster', name: 'Few' }],
    goals: [{ id: 'uk', segment: 'UK', quotaGap: { amountMinor: 1, currency: 'GBP' } }],
    accounts: [
      { ...one, owner: undefined },
      { ...two, tier: 'cluster', goal: 'uk' },
      { ...three, domain: 'four.example' },
    ],
  });
  expect(targetDifferences(list, list)).toEqual([]);
  expect(targetDifferences(list, next)).toEqual([
    'new@acme.example may sign as marketing now',
    'm@acme.example may not sign as marketing any more',
    'who proposed it changed from "marketing" to "sales"',
    'the seats per salesperson changed from "1" to "2"',
    'the tiers changed from "named: Named" to "named: Named, cluster: Few"',
    'goal uk is new',
    'one.example: its owner changed from "anna.keller@northwind.example" to "none"',
    'two.example: its tier changed from "named" to "cluster"',
    'two.example: its goal changed from "none" to "uk"',
    'three.example is no target any more',
    'four.example is a target now, tier named',
  ]);
});

test('whoever has more targets than there are seats is told of', async () => {
  const { people } = await shippedPlaybook();
  const owner = 'anna.keller@northwind.example';
  const findings: string[] = [];
  const full = { ...list, accounts: list.accounts.map((one) => ({ ...one, owner })) };
  checkTargets(full, people, (path, message) => findings.push(`${path.join('/')} ${message}`));
  expect(findings).toEqual([`accounts/1/owner "${owner}" has more than 1 targets ("seats")`]);
});

test.each([['www.acme.example'], ['Acme.example'], ['https://acme.example/'], ['acme']])(
  '%s is no domain of a target',
  (domain) => {
    const accounts = [{ domain, tier: 'named' }];
    expect(TargetList.safeParse({ ...list, accounts }).success).toBe(false);
  },
);
