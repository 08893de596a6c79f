import type { PersonFacts } from '#core/events.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { type LeadFacts, scoreLead } from '#core/scoring/score-lead.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';

const model = ScoringModel.parse({
  fit: [
    {
      id: 'big',
      group: 'size',
      when: { field: 'employees', atLeast: 1000 },
      points: 50,
      because: 'big',
    },
    {
      id: 'mid',
      group: 'size',
      when: { field: 'employees', between: [100, 5000] },
      points: 25,
      because: 'mid',
    },
    {
      id: 'role',
      when: { field: 'title', matches: '\\b(head|vp)\\b' },
      points: 25,
      because: 'decides',
    },
    {
      id: 'market',
      when: { field: 'country', in: ['DE', 'US'] },
      points: 25,
      because: 'our market',
    },
  ],
  engagement: [
    {
      id: 'price',
      touch: 'page-visited',
      urlMatches: '/pricing',
      points: 20,
      halfLifeDays: 14,
      category: 'web',
      because: 'looked at prices',
    },
    { id: 'page', touch: 'page-visited', points: 4, halfLifeDays: 14, category: 'web' },
    { id: 'paper', touch: 'asset-downloaded', points: 40, halfLifeDays: 60, category: 'content' },
    { id: 'jobs', touch: 'ad-clicked', points: 0, halfLifeDays: 60, category: 'content' },
  ],
  caps: { web: 30, content: 70 },
  disqualify: [
    { id: 'student', when: { field: 'title', matches: 'student' }, because: 'a student' },
  ],
  bands: { fit: { A: 75, B: 50, C: 25 }, engagement: { '1': 75, '2': 50, '3': 25 } },
  grid: {
    A1: 'hot',
    A2: 'qualified',
    A3: 'warm',
    A4: 'nurture',
    B1: 'qualified',
    B2: 'qualified',
    B3: 'warm',
    B4: 'nurture',
    C1: 'warm',
    C2: 'warm',
    C3: 'nurture',
    C4: 'nurture',
    D1: 'disqualified',
    D2: 'nurture',
    D3: 'nurture',
    D4: 'nurture',
  },
  handRaiser: 'engagement-1',
});

const now = new Date('2026-11-22T12:00:00Z');
const best: PersonFacts = { employees: 2000, title: 'Head of IT', country: 'de' };

const touch = (id: string, kind: ScoredTouch['kind'], daysAgo = 0, url?: string): ScoredTouch => ({
  id,
  kind,
  at: new Date(now.getTime() - daysAgo * 86_400_000).toISOString(),
  name: 'A name',
  url,
});
const score = (facts: Partial<LeadFacts>, changes: Partial<ScoringModel> = {}) =>
  scoreLead(
    { ...model, ...changes },
    { person: {}, touches: [], handRaiser: false, ...facts },
    now,
  );

test.each([
  ['all rules met', best, undefined, 100],
  ['nothing known', {}, undefined, 0],
  ['of a group only the best counts', { employees: 3000 }, undefined, 50],
  ['the smaller one where the best is missed', { employees: 300 }, undefined, 25],
  ['both ends of a range belong to it', { employees: 100 }, undefined, 25],
  ['just outside the range', { employees: 99 }, undefined, 0],
  ['the account knows what the person does not say', {}, { employees: 2000, country: 'US' }, 75],
  ['the person comes before the account', { employees: 10 }, { employees: 2000 }, 0],
  ['an empty text is unknown', { country: '' }, { country: 'DE' }, 0],
])('fit: %s', (_, person, account, fit) => {
  expect(score({ person, account }).fit).toBe(fit);
});

test.each([
  ['fresh and full', [touch('a', 'asset-downloaded')], 40],
  ['half after a half-life', [touch('a', 'asset-downloaded', 60)], 20],
  ['each kind has its own half-life', [touch('a', 'page-visited', 14, '/pricing')], 10],
  [
    'the first rule that matches counts',
    [touch('a', 'page-visited', 0, 'https://x.example/pricing')],
    20,
  ],
  ['what the first rule does not match, the next may', [touch('a', 'page-visited', 0, '/blog')], 4],
  ['the second of a day counts half', [touch('a', 'page-visited'), touch('b', 'page-visited')], 6],
  [
    'the next day counts anew',
    [touch('a', 'asset-downloaded'), touch('b', 'asset-downloaded', 60)],
    60,
  ],
  ['the same touch twice is one', [touch('a', 'page-visited'), touch('a', 'page-visited')], 4],
  ['a touch in the future is one right now', [touch('a', 'asset-downloaded', -3)], 40],
  [
    'a category is capped',
    [0, 1, 2].map((day) => touch(`${day}`, 'page-visited', day, '/pricing')),
    30,
  ],
  ['what no rule knows earns nothing', [touch('a', 'product-used')], 0],
])('engagement: %s', (_, touches, engagement) => {
  expect(score({ touches }).engagement).toBe(engagement);
});

test('without diminishing, every touch of a day counts in full', () => {
  const touches = [touch('a', 'page-visited'), touch('b', 'page-visited')];
  expect(score({ touches }, { dailyDiminishing: false }).engagement).toBe(8);
});

const busy = [
  touch('a', 'asset-downloaded'),
  touch('b', 'asset-downloaded', 1),
  touch('c', 'page-visited', 0, '/pricing'),
];

test.each([
  ['fits and is busy', best, busy, false, 'A1', 'hot', 'hot'],
  ['fits and is silent', best, [], false, 'A4', 'nurture', 'warm'],
  ['fits and asks for a talk', best, [], true, 'A1', 'hot', 'hand-raiser'],
  [
    'half fits and asks for a talk',
    { country: 'US', title: 'VP' },
    [],
    true,
    'B1',
    'qualified',
    'hand-raiser',
  ],
  ['hardly fits and asks for a talk', { country: 'US' }, [], true, 'C1', 'warm', 'hand-raiser'],
  [
    'does not fit and is busy',
    { employees: 3, title: 'CEO', country: 'FR' },
    busy,
    false,
    'D1',
    'disqualified',
    'warm',
  ],
  [
    'does not fit and asks for a talk',
    { employees: 3, title: 'CEO', country: 'FR' },
    [],
    true,
    'D1',
    'disqualified',
    'warm',
  ],
  [
    'is excluded, however well it fits',
    { ...best, title: 'Head student' },
    busy,
    false,
    'A1',
    'disqualified',
    'warm',
  ],
  [
    'is excluded and asks for a talk',
    { ...best, title: 'Head student' },
    busy,
    true,
    'A1',
    'disqualified',
    'warm',
  ],
  ['is a customer', { ...best, customer: true }, busy, false, 'A1', 'hot', 'customer'],
])('who %s', (_, person, touches, handRaiser, grade, rating, lane) => {
  expect(score({ person, touches, handRaiser })).toMatchObject({ grade, rating, lane });
});

test.each([
  ['nurture', { employees: 3, title: 'CEO', country: 'FR' }, 'warm'],
  ['nurture', {}, 'warm'],
  ['hand-off-if-unknown', { employees: 3, title: 'CEO', country: 'FR' }, 'warm'],
  ['hand-off-if-unknown', { country: 'FR' }, 'hand-raiser'],
  ['hand-off', { employees: 3, title: 'CEO', country: 'FR' }, 'hand-raiser'],
] as const)(
  'a hand-raiser of poor fit under "%s" who is %j runs in lane %s',
  (choice, person, lane) => {
    expect(score({ person, handRaiser: true }, { handRaiserWithPoorFit: choice }).lane).toBe(lane);
  },
);

test('every point has a rule and a reason, and touches their id and time', () => {
  const { points, disqualifiedBy } = score({
    person: { title: 'VP student' },
    touches: [touch('t1', 'page-visited', 14, '/pricing'), touch('t2', 'ad-clicked')],
  });
  expect(points).toEqual([
    { axis: 'fit', rule: 'role', points: 25, because: 'decides' },
    {
      axis: 'engagement',
      rule: 'price',
      points: 10,
      because: 'looked at prices',
      touchId: 't1',
      at: '2026-11-08T12:00:00.000Z',
    },
  ]);
  expect(disqualifiedBy).toBe('student');
});

test('what a cap takes off is a line of its own', () => {
  const touches = [0, 1, 2].map((day) => touch(`${day}`, 'asset-downloaded', day));
  const { points } = score({ touches });
  const cap = points.find(({ rule }) => rule === 'cap-content');
  expect(cap?.points).toBeLessThan(0);
  expect(points.reduce((sum, point) => sum + point.points, 0)).toBeCloseTo(70, 2);
});

test.each([
  ['a category without a cap', { caps: { web: 30 } }],
  ['bands that rise', { bands: { ...model.bands, fit: { A: 25, B: 50, C: 75 } } }],
  ['a grid with a hole', { grid: { ...model.grid, B2: undefined } }],
  ['a rating that does not exist', { grid: { ...model.grid, B2: 'tepid' } }],
  ['two rules of one id', { fit: [...model.fit, model.fit[0]] }],
  [
    'a field that does not exist',
    { disqualify: [{ id: 'x', when: { field: 'titel', is: 'x' }, because: 'x' }] },
  ],
  [
    'a condition that asks nothing',
    { disqualify: [{ id: 'x', when: { field: 'title' }, because: 'x' }] },
  ],
  [
    'a condition that asks twice',
    { disqualify: [{ id: 'x', when: { field: 'title', is: 'x', in: ['y'] }, because: 'x' }] },
  ],
  [
    'an unreadable pattern',
    { disqualify: [{ id: 'x', when: { field: 'title', matches: '(' }, because: 'x' }] },
  ],
  ['negative points', { fit: [{ ...model.fit[0], points: -5 }] }],
  ['a typing error', { dailyDimishing: true }],
])('a model with %s is refused', (_, change) => {
  expect(ScoringModel.safeParse(model).success).toBe(true);
  expect(ScoringModel.safeParse({ ...model, ...change }).success).toBe(false);
});

test('of a day the newest touch counts in full, the one before half, and they fade together', () => {
  const touches = [
    touch('old', 'page-visited', 0.25, '/pricing'),
    touch('new', 'page-visited', 0, '/pricing'),
  ];
  const earned = new Map(score({ touches }).points.map((point) => [point.touchId, point.points]));
  expect(earned.get('new')).toBe(20);
  expect(earned.get('old')).toBe(10);
});
