import fc from 'fast-check';
import { People } from '#core/people.ts';
import { checkPolicy } from '#core/routing/check-policy.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { routeLead } from '#core/routing/route-lead.ts';

const people = People.parse({
  salespeople: [
    { email: 'ada@nw.example', name: 'Ada', team: 'eu', territories: ['dach', 'eu', 'benelux'] },
    { email: 'ben@nw.example', name: 'Ben', team: 'eu', skills: ['security'], languages: ['fr'] },
    { email: 'cleo@nw.example', name: 'Cleo', team: 'us' },
  ],
});
const NOW = new Date('2026-11-20T10:00:00Z');
const because = 'it is so';

const base = {
  territories: { dach: ['DE', 'AT', 'CH'], eu: ['FR', 'NL', 'BE'] },
  pools: {
    all: { members: people.salespeople.map(({ email }) => ({ email })) },
    ada: { members: [{ email: 'ada@nw.example' }] },
    cleo: { members: [{ email: 'cleo@nw.example' }] },
    capped: {
      members: people.salespeople.map(({ email }) => ({ email })),
      caps: { perDay: 5 },
    },
  },
  catchAll: { queue: 'unrouted' },
};

/** Tiers by what is special about them, each with an id of its own. */
const tiers = (...all: object[]) =>
  all.map((tier, index) => ({ id: `t${index}`, because, ...tier }));

function findings(changes: object): string[] {
  const found: string[] = [];
  const policy = RoutingPolicy.parse({ ...base, tiers: [], ...changes });
  checkPolicy(policy, people, (path, message) => found.push(`${path.join('.')}: ${message}`));
  return found;
}

const big = { field: 'employees', atLeast: 5000 };
const bigger = { field: 'employees', atLeast: 10_000 };
const german = { field: 'country', is: 'de' };

test.each([
  [
    'a narrower condition after a wider one',
    tiers({ when: big, pool: 'all' }, { when: bigger, pool: 'ada' }),
    'tiers.1: no lead ever gets here',
  ],
  [
    'a country of a territory that was asked before',
    tiers({ territory: 'dach', pool: 'all' }, { when: german, pool: 'ada' }),
    'tiers.1: no lead ever gets here',
  ],
  [
    'one of several, where more are allowed before',
    tiers(
      { when: { any: [big, german] }, pool: 'all' },
      { when: { all: [german, bigger] }, pool: 'ada' },
    ),
    'tiers.1: no lead ever gets here',
  ],
  [
    'one owner who is in the pool before',
    tiers({ when: big, pool: 'all' }, { when: big, owner: 'ben@nw.example' }),
    'tiers.1: no lead ever gets here',
  ],
  [
    'all of two questions that exclude each other',
    tiers({ when: { all: [german, { field: 'country', is: 'FR' }] }, pool: 'all' }),
    'tiers.0: never applies',
  ],
  [
    'a territory and a country outside of it',
    tiers({ territory: 'eu', when: german, pool: 'all' }),
    'tiers.0: never applies',
  ],
  [
    'numbers that exclude each other',
    tiers({ when: { all: [bigger, { field: 'employees', between: [1, 50] }] }, pool: 'all' }),
    'tiers.0: never applies',
  ],
  [
    'a skill that nobody in the pool has',
    tiers({ when: big, requires: { skills: ['security'] }, pool: 'cleo' }),
    'tiers.0.requires: nobody in the pool',
  ],
  [
    'a skill that only somebody elsewhere has',
    tiers({ when: big, requires: { languages: ['it'] }, pool: 'all' }),
    'tiers.0.requires: nobody in the pool',
  ],
  [
    'kinds out of their order',
    tiers(
      { precedence: 'territory', territory: 'dach', pool: 'all' },
      { precedence: 'named', when: big, owner: 'cleo@nw.example' },
    ),
    'tiers.1.precedence: "named" goes before "territory"; move this tier above "t0"',
  ],
])('refused: %s', (_, all, expected) => {
  expect(findings({ tiers: all })).toEqual([expect.stringContaining(expected)]);
});

test.each([
  [
    'a wider condition after a narrower one',
    tiers({ when: bigger, pool: 'ada' }, { when: big, pool: 'all' }),
  ],
  [
    'others who step in when the first are away',
    tiers({ when: big, pool: 'ada' }, { when: big, pool: 'all' }),
  ],
  [
    'a pool that may be full before one that is not',
    tiers({ when: big, pool: 'capped' }, { when: big, pool: 'ada' }),
  ],
  [
    'questions that only look alike',
    tiers(
      { when: { field: 'title', matches: 'chief' }, pool: 'all' },
      { when: { field: 'title', is: 'Chief' }, pool: 'ada' },
    ),
  ],
  [
    'a rule that asks for a skill before one that does not',
    tiers(
      { when: big, requires: { skills: ['security'] }, pool: 'all' },
      { when: big, pool: 'all' },
    ),
  ],
  [
    'kinds in their order, some left out',
    tiers(
      { use: 'open-opportunity', precedence: 'open-opportunity' },
      { when: bigger, pool: 'ada' },
      { use: 'account-owner', precedence: 'account-owner' },
    ),
  ],
])('allowed: %s', (_, all) => {
  expect(findings({ tiers: all })).toEqual([]);
});

describe('territories', () => {
  const asked = (...ids: string[]) =>
    tiers(...ids.map((territory) => ({ territory, pool: 'all' })));
  const until = (validTo: string) => ({ countries: ['DE'], validTo });
  const from = (validFrom: string) => ({ countries: ['DE'], validFrom });

  test.each([
    ['that share a country at one time', { dach: ['DE', 'AT'], eu: ['DE', 'FR'] }, ['shares DE']],
    [
      'of which the wider is asked first',
      { eu: ['DE', 'FR'], dach: ['DE'] },
      ['shares DE', 'no lead ever'],
    ],
    ['of which the narrower is asked first', { dach: ['DE'], eu: ['DE', 'FR'] }, []],
    [
      'that follow each other',
      { dach: ['AT', until('2026-12-31')], eu: ['FR', from('2027-01-01')] },
      [],
    ],
    [
      'that share a last day',
      { dach: ['AT', until('2027-01-01')], eu: ['FR', from('2027-01-01')] },
      ['shares DE'],
    ],
    ['with one country twice at a time', { dach: ['DE', from('2027-01-01')] }, ['has DE twice']],
  ])('%s', (_, territories, expected) => {
    const all = asked(...Object.keys(territories));
    const found = findings({ territories, tiers: all });
    expect(found).toHaveLength(expected.length);
    for (const part of expected) expect(found.join('\n')).toContain(part);
  });

  test('that no rule asks for may overlap', () => {
    const territories = { ...base.territories, world: ['DE', 'FR', 'US'] };
    expect(findings({ territories, tiers: asked('dach', 'eu') })).toEqual([]);
  });

  test('are what they were at the time', () => {
    const policy = RoutingPolicy.parse({
      ...base,
      territories: { dach: [until('2026-12-31'), 'AT'], eu: [from('2027-01-01')] },
      tiers: tiers({ territory: 'dach', pool: 'ada' }, { territory: 'eu', pool: 'cleo' }),
    });
    const ruleAt = (now: string) =>
      routeLead(
        policy,
        { person: { country: 'DE' }, score: { rating: 'hot', lane: 'hot' } },
        {
          people,
          isAvailable: () => ({ available: true }),
          exclude: [],
          rotation: {},
          now: new Date(now),
        },
      ).rule;
    expect(ruleAt('2026-12-31T23:59:00Z')).toBe('t0');
    expect(ruleAt('2027-01-01T00:00:00Z')).toBe('t1');
  });
});

// Whatever the check says of reach must be true: so no lead may prove it wrong.
test('law: a tier that is said to be out of reach gets no lead, whoever is away', () => {
  const anyClause = fc.oneof(
    fc.record({
      field: fc.constant('country'),
      in: fc.subarray(['DE', 'FR', 'US'], { minLength: 1 }),
    }),
    fc.record({
      field: fc.constant('country'),
      notIn: fc.subarray(['DE', 'FR'], { minLength: 1 }),
    }),
    fc.record({ field: fc.constant('employees'), atLeast: fc.constantFrom(10, 100, 1000) }),
    fc.record({
      field: fc.constant('employees'),
      between: fc.constantFrom([1, 50], [20, 200], [100, 5000]),
    }),
    fc.record({ field: fc.constant('rating'), is: fc.constantFrom('hot', 'warm') }),
  );
  const anyWhen = fc.oneof(
    anyClause,
    fc.record({ all: fc.array(anyClause, { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(anyClause, { minLength: 1, maxLength: 3 }) }),
  );
  const anyTier = fc.record({ when: anyWhen, pool: fc.constantFrom('all', 'ada', 'cleo') });
  const anyLead = fc.record({
    country: fc.constantFrom('DE', 'FR', 'US', undefined),
    employees: fc.constantFrom(5, 30, 150, 900, 6000, undefined),
    rating: fc.constantFrom('hot', 'warm'),
    away: fc.subarray(people.salespeople.map(({ email }) => email)),
  });
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(anyTier, { minLength: 2, maxLength: 4 }),
      fc.array(anyLead, { minLength: 20, maxLength: 20 }),
      (all, leads) => {
        const numbered = tiers(...all);
        const dead = findings({ tiers: numbered })
          .filter((text) => /no lead ever|never applies/.test(text))
          .map((text) => `t${/^tiers\.(\d+)/.exec(text)?.[1]}`);
        refused += dead.length;
        const policy = RoutingPolicy.parse({ ...base, tiers: numbered });
        for (const { country, employees, rating, away } of leads) {
          const person = { ...(country && { country }), ...(employees && { employees }) };
          const { rule } = routeLead(
            policy,
            { person, score: { rating, lane: 'hot' } },
            {
              people,
              isAvailable: (email) => ({ available: !away.includes(email) }),
              exclude: [],
              rotation: {},
              now: NOW,
            },
          );
          expect(dead).not.toContain(rule);
        }
      },
    ),
    { numRuns: 120 },
  );
  expect(refused).toBeGreaterThan(0);
});
