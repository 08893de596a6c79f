import { calendarOf } from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { People } from '#core/people.ts';
import { isAbsent } from '#core/routing/absence.ts';
import type { RoutingDeps } from '#core/routing/asking.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { type RoutingFacts, routeLead } from '#core/routing/route-lead.ts';

const people = People.parse({
  salespeople: [
    { email: 'ada@nw.example', name: 'Ada', team: 'eu', calendar: 'berlin', territories: ['dach'] },
    {
      email: 'ben@nw.example',
      name: 'Ben',
      team: 'eu',
      calendar: 'berlin',
      territories: ['dach', 'uk'],
    },
    { email: 'cleo@nw.example', name: 'Cleo', team: 'us', calendar: 'berlin' },
    { email: 'dan@nw.example', name: 'Dan', team: 'us', calendar: 'berlin', weight: 2 },
  ],
});

const NOW = new Date('2026-11-20T10:00:00Z');

const policy = RoutingPolicy.parse({
  tiers: [
    { id: 'owner', use: 'account-owner', because: 'one face per account' },
    {
      id: 'giants',
      when: { field: 'employees', atLeast: 10000 },
      owner: 'dan@nw.example',
      because: 'Dan knows giants',
    },
    { id: 'dach', territory: 'dach', pool: 'eu', because: 'in DACH' },
    { id: 'uk', territory: 'uk', pool: 'eu', because: 'in the UK' },
    { id: 'hot', when: { field: 'rating', is: 'hot' }, pool: 'us', because: 'hot ones go fast' },
  ],
  territories: { dach: ['DE', 'AT', 'CH'], uk: ['GB'] },
  pools: {
    eu: { members: [{ email: 'ada@nw.example' }, { email: 'ben@nw.example' }] },
    us: { members: [{ email: 'cleo@nw.example' }, { email: 'dan@nw.example' }] },
  },
  catchAll: { queue: 'unrouted' },
});

function route(
  facts: Partial<RoutingFacts> = {},
  changes: Partial<RoutingDeps> & { away?: string[] } = {},
) {
  const { away = [], ...deps } = changes;
  const lead = { person: {}, score: { rating: 'qualified', lane: 'qualified' }, ...facts };
  return routeLead(policy, lead, {
    people,
    isAvailable: (email) =>
      away.includes(email) ? { available: false, why: 'is on leave' } : { available: true },
    exclude: [],
    rotation: {},
    now: NOW,
    ...deps,
  });
}

const german = { person: { country: 'de' } };
const hot = { score: { rating: 'hot', lane: 'hot' } };
const owned = (owner: string) => ({ account: { owner }, ...german });

test.each([
  [
    'the owner of the account comes first',
    owned('CLEO@nw.example'),
    {},
    'cleo@nw.example',
    'owner',
  ],
  [
    'an owner on leave is passed over',
    owned('cleo@nw.example'),
    { away: ['cleo@nw.example'] },
    'ada@nw.example',
    'dach',
  ],
  [
    'so is one who had the lead before',
    owned('cleo@nw.example'),
    { exclude: ['Cleo@nw.example'] },
    'ada@nw.example',
    'dach',
  ],
  ['and one whom nobody knows', owned('005xx0000012Q9'), {}, 'ada@nw.example', 'dach'],
  [
    'a named rule names its owner',
    { person: { employees: 12000 } },
    {},
    'dan@nw.example',
    'giants',
  ],
  [
    'the account tells what the person does not',
    { account: { employees: 12000 } },
    {},
    'dan@nw.example',
    'giants',
  ],
  ['a territory goes by country', german, {}, 'ada@nw.example', 'dach'],
  [
    'a pool asks only who serves the territory',
    { person: { country: 'GB' } },
    {},
    'ben@nw.example',
    'uk',
  ],
  [
    'a rotation goes on from where it stood',
    german,
    {
      rotation: {
        eu: { by: 'smooth' as const, standing: { 'ada@nw.example': -1, 'ben@nw.example': 1 } },
      },
    },
    'ben@nw.example',
    'dach',
  ],
  [
    'a rotation passes over who is away',
    german,
    { away: ['ada@nw.example'] },
    'ben@nw.example',
    'dach',
  ],
  ['a rule may ask for the rating', hot, {}, 'dan@nw.example', 'hot'],
  [
    'when a pool is empty the next rule is asked',
    { ...german, ...hot },
    { away: ['ada@nw.example', 'ben@nw.example'] },
    'dan@nw.example',
    'hot',
  ],
  [
    'what nobody can take goes to the queue',
    german,
    { away: ['ada@nw.example', 'ben@nw.example'] },
    undefined,
    'catch-all',
  ],
  ['so does what no rule knows', {}, {}, undefined, 'catch-all'],
])('%s', (_, facts, deps, owner, rule) => {
  const routing = route(facts, deps);
  expect(routing.owner).toBe(owner);
  expect(routing.rule).toBe(rule);
  expect(routing.queue).toBe(owner === undefined ? 'unrouted' : undefined);
});

test('the decision tells its candidates, its runner-up, its reason and the turn it took', () => {
  expect(route(german)).toEqual({
    owner: 'ada@nw.example',
    rule: 'dach',
    because: 'in DACH',
    pool: 'eu',
    candidates: ['ada@nw.example', 'ben@nw.example'],
    runnerUp: 'ben@nw.example',
    skipped: [],
    unplaced: [],
    inputs: { rating: 'qualified', lane: 'qualified', country: 'de' },
    turn: { by: 'smooth', weights: { 'ada@nw.example': 1, 'ben@nw.example': 1 } },
    rotation: {
      pool: 'eu',
      state: { by: 'smooth', standing: { 'ada@nw.example': -1, 'ben@nw.example': 1 } },
    },
  });
});

test('nobody is passed over in silence', () => {
  const routing = route(owned('nobody@nw.example'), {
    away: ['ada@nw.example'],
    exclude: ['ben@nw.example'],
  });
  expect(routing.skipped).toEqual([
    { who: 'nobody@nw.example', why: 'is not among the people of the playbook' },
    { who: 'ada@nw.example', why: 'is on leave' },
    { who: 'ben@nw.example', why: 'had this lead before' },
  ]);
  expect(routing.queue).toBe('unrouted');
});

test('a catch-all may ask a pool before its queue', () => {
  const asking = { ...policy, catchAll: { pool: 'us', queue: 'unrouted' } };
  const deps = {
    people,
    isAvailable: () => ({ available: true }),
    exclude: [],
    rotation: {},
    now: NOW,
  };
  const facts = { person: {}, score: { rating: 'warm', lane: 'warm' } };
  expect(routeLead(asking, facts, deps)).toMatchObject({
    owner: 'dan@nw.example',
    rule: 'catch-all',
  });
});

test.each([
  ['without a catch-all', { ...policy, catchAll: undefined }],
  ['with a catch-all that has no queue', { ...policy, catchAll: { pool: 'us' } }],
  ['with a rule for everybody', { ...policy, tiers: [{ id: 'all', pool: 'us', because: 'x' }] }],
  [
    'with a rule that names nobody',
    { ...policy, tiers: [{ id: 'x', territory: 'uk', because: 'x' }] },
  ],
  ['with an empty pool', { ...policy, pools: { us: { members: [] } } }],
])('a policy %s is refused', (_, document) => {
  expect(RoutingPolicy.safeParse(policy).success).toBe(true);
  expect(RoutingPolicy.safeParse(document).success).toBe(false);
});

const day: [string, string][] = [['09:00', '17:00']];
const berlin = calendarOf(
  CalendarDefinition.parse({
    timeZone: 'Europe/Berlin',
    hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
    holidays: ['2026-11-25'],
  }),
);

// 2026-11-20 is a Friday; Berlin is one hour ahead of UTC.
test.each([
  ['at work with no absences', [], '2026-11-20T10:00Z', false],
  ['at night', [], '2026-11-20T23:00Z', false],
  ['at the weekend', [], '2026-11-21T10:00Z', false],
  ['on leave today', [{ from: '2026-11-20', to: '2026-11-20' }], '2026-11-20T10:00Z', true],
  [
    'in the night of a leave that began at midnight',
    [{ from: '2026-11-20', to: '2026-11-24' }],
    '2026-11-19T23:30Z',
    true,
  ],
  ['the evening before', [{ from: '2026-11-20', to: '2026-11-24' }], '2026-11-19T20:00Z', true],
  ['the working day before', [{ from: '2026-11-20', to: '2026-11-24' }], '2026-11-19T10:00Z', true],
  [
    'on Friday, when Monday is off',
    [{ from: '2026-11-23', to: '2026-11-23' }],
    '2026-11-20T10:00Z',
    true,
  ],
  [
    'two working days before',
    [{ from: '2026-11-23', to: '2026-11-23' }],
    '2026-11-19T10:00Z',
    false,
  ],
  [
    'before half a day off',
    [{ from: '2026-11-23T07:00:00Z', to: '2026-11-23T11:00:00Z' }],
    '2026-11-20T10:00Z',
    false,
  ],
  [
    'at the dentist right now',
    [{ from: '2026-11-20T09:00:00Z', to: '2026-11-20T11:00:00Z' }],
    '2026-11-20T10:00Z',
    true,
  ],
  [
    'back from the dentist',
    [{ from: '2026-11-20T09:00:00Z', to: '2026-11-20T11:00:00Z' }],
    '2026-11-20T11:00Z',
    false,
  ],
  [
    'when the rest of today is off',
    [{ from: '2026-11-20T15:00:00Z', to: '2026-11-20T18:00:00Z' }],
    '2026-11-20T14:59Z',
    false,
  ],
  [
    'in the morning of a day that is off',
    [{ from: '2026-11-20T08:00:00Z', to: '2026-11-20T16:00:00Z' }],
    '2026-11-20T06:00Z',
    true,
  ],
  [
    'before a holiday and then a leave',
    [{ from: '2026-11-26', to: '2026-11-26' }],
    '2026-11-24T10:00Z',
    true,
  ],
  ['after the leave', [{ from: '2026-11-16', to: '2026-11-19' }], '2026-11-20T07:00Z', false],
])('absent? %s', (_, absences, now, expected) => {
  expect(isAbsent({ absences }, berlin, new Date(now))).toBe(expected);
  // The calendar a clock runs on has the absences taken out already; the answer is the same.
  const own = calendarOf(berlin.definition, absences);
  expect(isAbsent({ absences }, own, new Date(now))).toBe(expected);
});

test('who is in the night shift of yesterday is there, though the day to come is off', () => {
  const nights = calendarOf(
    CalendarDefinition.parse({
      timeZone: 'Europe/Berlin',
      hours: { mon: [['22:00', '06:00']], tue: day, wed: day },
    }),
  );
  const absences = [{ from: '2026-11-24T07:00:00Z', to: '2026-11-24T17:00:00Z' }];
  expect(isAbsent({ absences }, nights, new Date('2026-11-24T00:30Z'))).toBe(false);
  expect(isAbsent({ absences }, nights, new Date('2026-11-24T05:30Z'))).toBe(true);
});
