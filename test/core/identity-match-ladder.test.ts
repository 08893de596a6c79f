import fc from 'fast-check';
import { blocked, type CompanyEvidence } from '#core/identity/account-index.ts';
import { type AccountEntry, climb, MARGIN } from '#core/identity/match-ladder.ts';

const company = (told: Partial<CompanyEvidence>): CompanyEvidence => ({
  domains: [],
  refs: [],
  ...told,
});
const account = (id: string, told: Partial<AccountEntry>): AccountEntry => ({
  id,
  ...company(told),
  ...told,
});

const ACCOUNTS = [
  account('engines', {
    name: 'Analytical Engines GmbH',
    country: 'DE',
    domains: ['analytical-engines.com', 'engines.example'],
    refs: ['hubspot/company/77'],
  }),
  account('delta-de', { name: 'Delta Werke', country: 'DE', domains: ['delta-werke.de'] }),
  account('delta-one', { name: 'Delta Pumps', country: 'GB', domains: ['delta-one.co.uk'] }),
  account('delta-two', { name: 'Delta Pumps Ltd', country: 'GB', domains: ['delta-two.co.uk'] }),
  account('inb', { name: 'Imperial Nordic Breweries', country: 'SE' }),
];

test.each<[Partial<CompanyEvidence>, string, string | undefined, string | undefined]>([
  [
    { refs: ['hubspot/company/77'], domains: ['delta-werke.de'] },
    'matched',
    'engines',
    'reference',
  ],
  [{ domains: ['analytical-engines.com'], name: 'Delta Werke' }, 'matched', 'engines', 'domain'],
  [{ domains: ['engines.example'] }, 'matched', 'engines', 'alias'],
  [{ domains: ['elsewhere.org', 'analytical-engines.com'] }, 'matched', 'engines', 'alias'],
  [{ name: 'ANALYTICAL ENGINES', country: 'DE' }, 'matched', 'engines', 'name'],
  [{ name: 'Analytical Engines' }, 'matched', 'engines', 'name'],
  [{ name: 'Analytical Engines', country: 'FR' }, 'none', undefined, undefined],
  [{ name: 'Analytical Engines', domains: ['other-brand.com'] }, 'none', undefined, undefined],
  [
    { name: 'Analytical Engines', domains: ['analytical-engines.de'] },
    'matched',
    'engines',
    'name',
  ],
  [{ name: 'Analytical Enginess', country: 'DE' }, 'matched', 'engines', 'alike'],
  [{ name: 'Analytical Enginess' }, 'none', undefined, undefined],
  [{ name: 'INB', country: 'SE' }, 'matched', 'inb', 'acronym'],
  [{ name: 'INB' }, 'none', undefined, undefined],
  [{ name: 'delta pumps', country: 'GB' }, 'ambiguous', 'delta-one', 'name'],
  [{ name: 'n/a', country: 'DE' }, 'none', undefined, undefined],
  [{}, 'none', undefined, undefined],
])('%j is %s', (told, kind, id, rung) => {
  const verdict = climb(company(told), ACCOUNTS);
  const best = verdict.kind === 'none' ? undefined : verdict.best;
  expect([verdict.kind, best?.account.id, best?.rung]).toEqual([kind, id, rung]);
  expect(best?.evidence.length ?? 1).toBeGreaterThan(0);
});

test.each<[string, Partial<AccountEntry>, Partial<AccountEntry>]>([
  ['a customer', { customer: true }, { target: true, contacts: 9 }],
  ['a target', { target: true }, { contacts: 9 }],
  ['the one with most contacts', { contacts: 9 }, { contacts: 2 }],
])('of two accounts of a domain %s goes first', (_, first, second) => {
  const domains = ['shared.example'];
  const entries = [account('b', { domains, ...second }), account('c', { domains, ...first })];
  expect(climb(company({ domains }), entries)).toMatchObject({
    kind: 'matched',
    best: { account: { id: 'c' } },
    runnerUp: { account: { id: 'b' } },
    margin: 0,
  });
});

const words = fc.constantFrom('Analytical', 'Engines', 'Engine', 'Delta', 'Pumps', 'AE', 'Group');
const evidence = fc.record({
  name: fc.option(
    fc.array(words, { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
    { nil: undefined },
  ),
  country: fc.constantFrom('DE', 'GB', undefined),
  domains: fc.uniqueArray(fc.constantFrom('a.example', 'a.test', 'b.example'), { maxLength: 2 }),
  refs: fc.uniqueArray(fc.constantFrom('crm/account/1', 'crm/account/2'), { maxLength: 1 }),
});
const entries = fc.array(fc.tuple(evidence, fc.boolean(), fc.nat(3)), { maxLength: 6 }).map((all) =>
  all.map(([told, customer, contacts], index) => ({
    id: `${index}`,
    customer,
    contacts,
    ...told,
  })),
);

test('the order of the accounts does not matter', () => {
  fc.assert(
    fc.property(evidence, entries, (lead, accounts) => {
      expect(climb(lead, accounts.toReversed())).toEqual(climb(lead, accounts));
    }),
  );
});

test('an account that nothing speaks for never changes the answer', () => {
  const unrelated = account('new', {
    name: 'Zephyr Quartz',
    domains: ['zephyr.net'],
    country: 'DE',
  });
  fc.assert(
    fc.property(evidence, entries, (lead, accounts) => {
      expect(climb(lead, [unrelated, ...accounts])).toEqual(climb(lead, accounts));
    }),
  );
});

test('a match by name is ahead by the margin, and the index hides nobody', () => {
  fc.assert(
    fc.property(evidence, entries, (lead, accounts) => {
      const verdict = climb(lead, accounts);
      if (verdict.kind === 'ambiguous') expect(verdict.margin).toBeLessThan(MARGIN);
      const near = climb(lead, blocked(lead, accounts));
      expect(near.kind === 'none' ? undefined : near.best).toEqual(
        verdict.kind === 'none' ? undefined : verdict.best,
      );
    }),
  );
});
