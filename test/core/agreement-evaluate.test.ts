import { Agreement, mustSign } from '#core/agreement/agreement.ts';
import { checkAgreement } from '#core/agreement/check.ts';
import { differences, inWords } from '#core/agreement/differences.ts';
import { evaluate } from '#core/agreement/evaluate.ts';
import { precisionOf } from '#core/agreement/precision.ts';
import { weeksOverdue } from '#core/agreement/review.ts';
import type { Condition } from '#core/scoring/condition.ts';
import { shippedPlaybook } from '../support/shipped-playbook.ts';

async function shipped(): Promise<Agreement> {
  const { agreement } = await shippedPlaybook();
  return Agreement.parse(agreement);
}

const ids = (clauses: readonly { id: string }[]) => clauses.map(({ id }) => id);

test.each([
  [
    'a hot lead with all that is asked',
    { email: 'ada@acme.example', company: 'Acme' },
    { rating: 'hot', lane: 'hot' },
    { passed: ['rating', 'company', 'reachable'], failed: [] },
  ],
  [
    'a hot lead with a free mailbox',
    { email: 'ada@gmail.com', company: 'Acme' },
    { rating: 'hot', lane: 'hot' },
    { passed: ['rating', 'company'], failed: ['reachable'] },
  ],
  [
    'a qualified lead without a title',
    { email: 'ada@acme.example', company: 'Acme' },
    { rating: 'qualified', lane: 'qualified' },
    { passed: ['rating', 'company', 'reachable'], failed: ['role'] },
  ],
  [
    'a hand-raiser of whom nothing is known',
    {},
    { rating: 'nurture', lane: 'hand-raiser' },
    { passed: [], failed: [] },
  ],
  [
    'a customer whose account nobody knows',
    { customer: true },
    { rating: 'hot', lane: 'customer' },
    { passed: ['rating'], failed: ['customer'] },
  ],
])('%s is held against the clauses of its lane', async (_name, person, score, expected) => {
  const { passed, failed } = evaluate(await shipped(), { person, score });
  expect({ passed: ids(passed), failed: ids(failed) }).toEqual(expected);
});

test('the shipped agreement needs three keys, and its examples come out', async () => {
  const agreement = await shipped();
  const findings: string[] = [];
  checkAgreement(agreement, (path, message) => findings.push(`${path.join('/')} ${message}`));
  expect(findings).toEqual([]);
  expect(mustSign(agreement)).toEqual(['marketing', 'sales', 'service']);
});

test('what is wrong with an agreement is told with its place', async () => {
  const agreement = structuredClone(await shipped());
  const [rating, company] = agreement.clauses;
  if (rating === undefined || company === undefined) throw new Error('The clauses are gone.');
  company.id = rating.id;
  for (const example of rating.examples) example.holds = !example.holds;
  delete agreement.parties.service;
  const findings: string[] = [];
  checkAgreement(agreement, (path, message) => findings.push(`${path.join('/')} ${message}`));
  expect(findings).toEqual([
    'clauses/1/id is the id of an earlier clause',
    'parties a clause concerns customers, so name who may sign as "service"',
    'clauses/0/examples/0 the example "a hot lead" should fail clause "rating", but passes it',
    'clauses/0/examples/1 the example "a warm lead" should pass clause "rating", but fails it',
    'clauses/0/examples/2 the example "a warm lead who asks for a talk" should fail clause "rating", but passes it',
  ]);
});

test('differences are told in words, and equal texts have none', async () => {
  const before = await shipped();
  expect(differences(before, before)).toEqual([]);
  const after = structuredClone(before);
  const [rating, , reachable] = after.clauses;
  if (rating === undefined || reachable === undefined) throw new Error('The clauses are gone.');
  rating.when = { field: 'rating', in: ['hot'] };
  rating.examples.pop();
  reachable.text = 'We can reach them.';
  reachable.lanes = ['hot'];
  after.reviewBy = '2027-06-30';
  after.parties.sales = ['miriam.vogt@northwind.example', 'nora.lind@northwind.example'];
  after.clauses = after.clauses.filter(({ id }) => id !== 'company');
  expect(differences(before, after)).toMatchInlineSnapshot(`
[
  "nora.lind@northwind.example may sign as sales now",
  "dana.whitfield@northwind.example may not sign as sales any more",
  "the review date changed from "2027-03-31" to "2027-06-30"",
  "clause rating: what it asks changed from "rating is one of hot, qualified" to "rating is one of hot"",
  "clause rating: its examples changed (3 to 2)",
  "clause company is gone: We know the company, from the lead or from the account.",
  "clause reachable: its text changed from "We have an e-mail address at work; a free mailbox is not enough." to "We can reach them."",
  "clause reachable: its lanes changed from "hot, qualified, warm" to "hot"",
]
`);
});

test('clauses in another order are another text, and told so', async () => {
  const before = await shipped();
  const after = { ...before, clauses: before.clauses.toReversed() };
  expect(differences(before, after)).toEqual([
    'the clauses stand in another order: customer, role, reachable, company, rating',
  ]);
});

test.each<[Condition, string]>([
  [{ field: 'country', is: 'DE' }, 'country is DE'],
  [{ field: 'country', notIn: ['DE', 'AT'] }, 'country is known and none of DE, AT'],
  [{ field: 'employees', atLeast: 50 }, 'employees is at least 50'],
  [{ field: 'employees', between: [1, 9] }, 'employees is from 1 to 9'],
  [
    {
      any: [
        { field: 'title', matches: 'chief' },
        { field: 'customer', is: true },
      ],
    },
    'title matches chief or customer is true',
  ],
])('%j is "%s" in words', (condition, words) => {
  expect(inWords(condition)).toBe(words);
});

const signal = { at: '2026-12-07T09:00:00.000Z', event: 'e', by: 'a@b.example', via: 'slack' };
const passedBy = (...clauses: string[]) => ({ version: 'v1', clauses });

test('the precision of a clause counts what sales took against what disputes it', () => {
  const reasons = [{ code: 'bad_fit', disputes: 'rating' }, { code: 'no_budget' }];
  const rejected = (reason: string) => ({ rejected: { ...signal, reason } });
  const handoffs = [
    { agreement: passedBy('rating', 'company'), signals: { accepted: signal } },
    { agreement: passedBy('rating', 'company'), signals: { worked: signal } },
    { agreement: passedBy('rating'), signals: { accepted: signal, ...rejected('bad_fit') } },
    { agreement: passedBy('company'), signals: rejected('bad_fit') },
    { agreement: passedBy('rating'), signals: rejected('no_budget') },
    { signals: { accepted: signal } },
  ];
  expect(precisionOf(['rating', 'company', 'role'], handoffs, reasons)).toEqual([
    { clause: 'rating', accepted: 2, disputed: 1, precision: 2 / 3 },
    { clause: 'company', accepted: 2, disputed: 0, precision: 1 },
    { clause: 'role', accepted: 0, disputed: 0, precision: null },
  ]);
});

test.each([
  ['2027-03-31T23:59:59Z', undefined],
  ['2027-04-01T00:00:00Z', 0],
  ['2027-04-07T23:59:59Z', 0],
  ['2027-04-08T00:00:00Z', 1],
])('at %s a review due on 31 March is %s weeks late', (now, expected) => {
  expect(weeksOverdue('2027-03-31', new Date(now))).toBe(expected);
});
