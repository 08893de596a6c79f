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
  ['one with an open opportunity', { opportunity: true }, { target: true, contacts: 9 }],
  ['the one with most contacts', { contacts: 9 }, { contacts: 2, activeAt: '2026-11-20' }],
  [
    'the one active last',
    { activeAt: '2026-11-20', since: '2026' },
    { activeAt: '2026-11-02', since: '2020' },
  ],
  ['the oldest', { since: '2020-01-01' }, { since: '2026-01-01' }],
  ['one from before ages were kept', {}, { since: '2020-01-01' }],
])('of two accounts of a domain %s goes first, and it is told why', (_, first, second) => {
  const domains = ['shared.example'];
  const entries = [account('b', { domains, ...second }), account('c', { domains, ...first })];
  expect(climb(company({ domains }), entries)).toMatchObject({
    kind: 'matched',
    best: { account: { id: 'c' } },
    runnerUp: { account: { id: 'b' } },
    margin: 0,
    tieBreak: expect.stringMatching(/./),
  });
});

test.each<[string, Partial<AccountEntry>, string | undefined]>([
  ['the same postcode', { postcode: 'SW1A 1AA' }, 'postcode SW1A 1AA'],
  ['the same city in other letters', { city: 'ZÜRICH' }, 'city ZÜRICH'],
  [
    'the company’s own number',
    { phones: { phone: { digits: '41441234567', code: '41' } } },
    'the same telephone number',
  ],
  [
    'a number beside it',
    { phones: { phone: { digits: '41441239999', code: '41' } } },
    'telephone numbers of one switchboard',
  ],
  [
    'what numbers of its people start with',
    { phones: { start: '4144123' } },
    'telephone numbers of one switchboard',
  ],
  ['the area', { phones: { start: '4144999' } }, 'telephone area +4144'],
  ['another area', { phones: { start: '4122999' } }, undefined],
  ['another postcode', { postcode: '8001' }, undefined],
  ['nothing', {}, undefined],
])('a name with a slip is supported by %s', (_, told, support) => {
  const lead = company({
    ...{ name: 'Analytical Enginess', postcode: 'sw1a1aa', city: 'Zurich' },
    phones: { phone: { digits: '41441234567', code: '41' } },
  });
  const verdict = climb(lead, [account('a', { name: 'Analytical Engines', ...told })]);
  const evidence = verdict.kind === 'none' ? undefined : verdict.best.evidence.join(', ');
  expect(evidence).toEqual(
    support === undefined ? undefined : expect.stringContaining(`alike by 0.94, ${support}`),
  );
});

test.each([
  ['the CRM links them to another', { refs: ['hubspot/company/77'] }, 'engines', 'reference'],
  ['nothing else is firmer', { domains: ['delta-werke.de'] }, 'delta-one', 'contact'],
])('a known contact decides where %s', (_, told, id, rung) => {
  const knownContacts = [{ accountId: 'delta-one', how: 'contact per_1 is known by its address' }];
  const verdict = climb(company({ ...told, knownContacts }), ACCOUNTS);
  expect(verdict).toMatchObject({ kind: 'matched', best: { account: { id }, rung } });
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
