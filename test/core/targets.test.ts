import { checkTargets } from '#core/targets/check.ts';
import { coverageOf } from '#core/targets/coverage.ts';
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
    seats: [{ owner: 'anna.keller@northwind.example', targets: 2, over: true }],
  });
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
