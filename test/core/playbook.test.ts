import { readFileSync } from 'node:fs';
import { Agreement } from '#core/agreement/agreement.ts';
import { addDuration } from '#core/clocks/business-time.ts';
import { Calendars } from '#core/clocks/calendar.ts';
import { ClockPolicies } from '#core/clocks/ladder.ts';
import { calendarFor } from '#core/handoff/calendar.ts';
import { Tracks } from '#core/nurture/tracks.ts';
import { findSalesperson, People } from '#core/people.ts';
import { crossCheck, type Playbook } from '#core/playbook.ts';
import { RoutingPolicy } from '#core/routing/policy.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { TargetList } from '#core/targets/target-list.ts';

const shippedFile = (file: string): unknown =>
  JSON.parse(readFileSync(`workflows/definitions/${file}.json`, 'utf8'));

const shipped = (): Playbook => ({
  version: 'test',
  workflows: {},
  scoring: { default: ScoringModel.parse(shippedFile('scoring/default')) },
  routing: { inbound: RoutingPolicy.parse(shippedFile('routing/inbound')) },
  clocks: ClockPolicies.parse(shippedFile('clocks')),
  calendars: Calendars.parse(shippedFile('calendars')),
  people: People.parse(shippedFile('people')),
  tracks: Tracks.parse(shippedFile('tracks')),
  agreement: Agreement.parse(shippedFile('agreement')),
  targets: TargetList.parse(shippedFile('targets')),
});

test('the playbook that ships agrees with itself', () => {
  expect(crossCheck(shipped())).toEqual([]);
});

test('every salesperson that ships has working time for months', () => {
  const playbook = shipped();
  for (const { email } of playbook.people.salespeople) {
    const from = new Date('2026-11-22T12:00:00Z');
    const due = addDuration(calendarFor(playbook, email), from, {
      kind: 'business-days',
      days: 100,
    });
    expect(due.getTime()).toBeLessThan(Date.parse('2027-06-01'));
  }
});

/** Writes a value where a JSON pointer points. */
function spoil(document: unknown, pointer: string, value: unknown): void {
  const [last = '', ...path] = pointer.slice(1).split('/').reverse();
  const parent = path.reduceRight<unknown>((at, key) => Reflect.get(Object(at), key), document);
  expect(typeof parent).toBe('object');
  Reflect.set(Object(parent), last, value);
}

const INBOUND = '/routing/inbound';
const FAILING_EXAMPLE = { name: 'nobody', person: {}, lane: 'hot', holds: true };

test.each([
  ['a calendar that is not there', '/people/salespeople/0/calendar', 'mars'],
  ['a team with a calendar that is not there', '/people/teams/emea/calendar', 'mars'],
  ['a region with a calendar that is not there', '/people/regions/eu/calendar', 'mars'],
  ['a team in a region that is not there', '/people/teams/emea/region', 'mars'],
  ['a salesperson in a region that is not there', '/people/salespeople/0/region', 'mars'],
  ['a manager nobody knows', '/people/salespeople/1/manager', 'x@y.example'],
  ['a territory nobody routes to', '/people/salespeople/0/territories/1', 'mars'],
  ['a salesperson twice', '/people/salespeople/4/email', 'Anna.Keller@northwind.example'],
  ['a stranger in a pool', `${INBOUND}/pools/emea/members/2/email`, 'x@y.example'],
  [
    'somebody in a pool twice',
    `${INBOUND}/pools/emea/members/2/email`,
    'anna.keller@northwind.example',
  ],
  ['a rule with a pool that is not there', `${INBOUND}/tiers/3/pool`, 'mars'],
  ['a rule with a pool that serves other territories', `${INBOUND}/tiers/3/pool`, 'uk-only'],
  ['a rule with an owner nobody knows', `${INBOUND}/tiers/2/owner`, 'x@y.example'],
  ['a rule with a territory that is not there', `${INBOUND}/tiers/3/territory`, 'mars'],
  ['two rules of one id', `${INBOUND}/tiers/4/id`, 'dach'],
  ['a catch-all with a pool that is not there', `${INBOUND}/catchAll/pool`, 'mars'],
  ['a clock that leaves lanes out', '/clocks/accept/by', { hot: 'PT1H' }],
  ['a calendar without hours', '/calendars/berlin/hours', { mon: [] }],
  ['a reason with a track that is not there', '/tracks/reasons/0/track', 'mars'],
  ['two reasons of one code', '/tracks/reasons/3/code', 'no_response'],
  ['a reason for sales that is not there', '/tracks/salesMayGive/3', 'bored'],
  ['no reason for what the hub does itself', '/tracks/reasons', []],
  ['a reason that disputes a clause that is not there', '/tracks/reasons/3/disputes', 'mars'],
  ['an example that fails', '/agreement/clauses/1/examples/0', FAILING_EXAMPLE],
  ['two clauses of one id', '/agreement/clauses/1/id', 'rating'],
  ['a target twice', '/targets/accounts/1/domain', 'helvetia-machines-hq.com'],
  ['a target of a stranger', '/targets/accounts/1/owner', 'x@y.example'],
  ['a target of a tier that is not there', '/targets/accounts/1/tier', 'mars'],
  ['a target with a goal that is not there', '/targets/accounts/1/goal', 'mars'],
])('a playbook with %s is told where', (_, path, value) => {
  const playbook = structuredClone(shipped());
  const members = [{ email: 'oliver.hughes@northwind.example' }];
  spoil(playbook, `${INBOUND}/pools/uk-only`, { members });
  spoil(playbook, '/people/teams', { emea: {} });
  spoil(playbook, '/people/regions', { eu: { calendar: 'berlin' } });
  expect(crossCheck(playbook)).toEqual([]);
  spoil(playbook, path, value);
  expect(crossCheck(playbook).map((finding) => finding.path)).toContain(path);
});

test('a salesperson without a calendar, whose team and region have none either, is told of', () => {
  const playbook = structuredClone(shipped());
  spoil(playbook, '/people/salespeople/0/calendar', undefined);
  expect(crossCheck(playbook)).toEqual([
    {
      path: '/people/salespeople/0',
      message: 'has no calendar, nor has the team "emea" or a region',
    },
  ]);
  spoil(playbook, '/people/teams', { emea: { calendar: 'berlin' } });
  expect(crossCheck(playbook)).toEqual([]);
});

test('a salesperson is found by address or by chat, whatever the case', () => {
  const { people } = shipped();
  const name = (who: { email?: string; slack?: string }) => findSalesperson(people, who)?.name;
  expect(name({ email: ' Tom.Okafor@Northwind.example' })).toBe('Tom Okafor');
  expect(name({ slack: 'U0PRIYA' })).toBe('Priya Nair');
  expect(name({ email: 'gone@northwind.example', slack: 'U0PRIYA' })).toBe('Priya Nair');
  expect(name({ email: 'gone@northwind.example' })).toBeUndefined();
  expect(name({})).toBeUndefined();
});
