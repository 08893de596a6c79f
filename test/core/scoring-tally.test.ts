import fc from 'fast-check';
import { TouchKind } from '#core/events.ts';
import { decayOf } from '#core/scoring/earning.ts';
import { engagementPoints, scoreEngagement } from '#core/scoring/engagement.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import {
  countedBy,
  emptyTally,
  pruned,
  Tally,
  tallyOf,
  unsplit,
  withTouch,
  worthByDay,
} from '#core/scoring/tally.ts';
import { shippedModel } from '#test/support/shipped-playbook.ts';

const shipped = shippedModel();
const { scannersWithinSeconds: _, ...trusting } = shipped;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const now = new Date(NOW);
const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

// Few days, so that many touches share one, and some of long ago.
const instant = fc.oneof(
  fc.integer({ min: -3 * DAY, max: 0 }),
  fc.integer({ min: -200 * DAY, max: 0 }),
);
const anyTouch: fc.Arbitrary<ScoredTouch> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...TouchKind.options),
  at: instant.map((ms) => iso(NOW + ms)),
  name: fc.constantFrom('Pricing', 'Case study', 'Demo request', 'Blog'),
  bot: fc.constantFrom(undefined, undefined, undefined, 'crawler'),
});
const someTouches = fc.array(anyTouch, { maxLength: 30 });
const anyFloor = fc.option(
  instant.map((ms) => ({ at: iso(NOW + ms), percent: 20 })),
  { nil: undefined },
);
const points = (model: ScoringModel, tally: Tally, at = now) => engagementPoints(model, tally, at);
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

test('law: counted one by one, in any order, a tally is the same to the last bit', () => {
  fc.assert(
    fc.property(someTouches, anyFloor, (touches, floor) => {
      const count = (some: readonly ScoredTouch[]) =>
        some.reduce((tally, one) => withTouch(trusting, tally, one), emptyTally(floor?.at));
      const inOrder = touches.toSorted((one, other) => (one.at < other.at ? -1 : 1));
      expect(count(inOrder.toReversed())).toEqual(count(inOrder));
      expect(count(touches)).toEqual(tallyOf(trusting, touches, floor?.at));
      expect(Tally.parse(count(touches))).toEqual(count(touches));
    }),
  );
});

test('law: the newest touches and a tally of all give what all touches give', () => {
  fc.assert(
    fc.property(someTouches, anyFloor, fc.nat(30), (touches, floor, known) => {
      const newest = touches
        .toSorted((one, other) => (one.at > other.at ? -1 : 1))
        .slice(0, Math.max(1, known));
      const tally = tallyOf(shipped, touches, floor?.at);
      const more = newest.length < touches.length;
      const short = scoreEngagement(shipped, { touches: newest, tally, more, floor }, now);
      const whole = scoreEngagement(shipped, { touches, floor }, now);
      expect(short.percent).toBe(whole.percent);
      const total = (lines: typeof short.points) => sumOf(lines.map((line) => line.points));
      expect(total(short.points)).toBeCloseTo(total(whole.points), 6);
      expect(total(whole.points)).toBeCloseTo(engagementPoints(shipped, tally, now, floor), 2);
      expect(short.points.every(({ touchId }) => touchId !== undefined || more)).toBe(
        short.points.every(({ rule }) => !rule.startsWith('cap-')) || more,
      );
    }),
  );
});

test('law: what is dropped for its age was worth nothing, and stays so however late more comes', () => {
  const brief = ScoringModel.parse({
    ...trusting,
    engagement: trusting.engagement.map((rule) => ({ ...rule, halfLifeDays: 2 })),
  });
  fc.assert(
    fc.property(someTouches, someTouches, fc.nat(100), (early, late, days) => {
      const count = (from: Tally, some: readonly ScoredTouch[]) =>
        some.reduce((tally, one) => withTouch(brief, tally, one), from);
      const then = new Date(NOW + days * DAY);
      const dropped = count(pruned(brief, count(emptyTally(), early), then), late);
      const kept = count(emptyTally(), [...early, ...late]);
      expect(points(brief, dropped, then)).toBe(points(brief, kept, then));
      expect(worthByDay(brief, pruned(brief, kept, then), then)).toEqual(
        worthByDay(brief, kept, then),
      );
    }),
  );
});

test('law: after its half-life a touch is worth half, each kind by its own', () => {
  fc.assert(
    fc.property(fc.nat(trusting.engagement.length - 1), fc.nat(4), (index, halvings) => {
      const rule = trusting.engagement[index];
      if (rule === undefined || rule.points === 0) return;
      const tally = { days: { [rule.id]: { [String(Math.floor(NOW / DAY))]: [1, NOW] as const } } };
      const later = new Date(NOW + halvings * rule.halfLifeDays * DAY);
      const [day] = worthByDay(trusting, tally, later);
      expect(day?.points).toBeCloseTo(rule.points / 2 ** halvings, 9);
      expect(decayOf(rule, -1)).toBe(1);
    }),
  );
});

test('law: a hand-back never makes anybody worth more', () => {
  fc.assert(
    fc.property(someTouches, instant, (touches, ms) => {
      const floor = { at: iso(NOW + ms), percent: 20 };
      const tally = tallyOf(shipped, touches, floor.at);
      const cut = engagementPoints(shipped, tally, now, floor);
      expect(cut).toBeLessThanOrEqual(points(shipped, unsplit(tally)) + 1e-9);
    }),
  );
});

test('models count alike where they differ in what touches are worth, and not in which count', () => {
  const [first, ...rest] = shipped.engagement;
  if (first === undefined) throw new Error('The shipped model has no rules.');
  const dearer = { ...shipped, engagement: [{ ...first, points: first.points + 1 }, ...rest] };
  const slower = { ...shipped, engagement: [{ ...first, halfLifeDays: 99 }, ...rest] };
  const wary = { ...shipped, scannersWithinSeconds: 3 };
  expect(countedBy(dearer)).toBe(countedBy(shipped));
  expect(countedBy({ ...shipped })).toBe(countedBy(shipped));
  for (const other of [slower, wary]) expect(countedBy(other)).not.toBe(countedBy(shipped));
});

test('what no rule knows, what is worth nothing and what a bot does leaves no trace', () => {
  const touch = { id: '1', at: now.toISOString(), name: 'x' };
  const careers = { ...touch, kind: 'page-visited', url: 'https://nw.example/careers' } as const;
  const crawled = { ...touch, kind: 'page-visited', bot: 'crawler' } as const;
  for (const one of [{ ...touch, kind: 'email-received' } as const, careers, crawled])
    expect(tallyOf(shipped, [one])).toEqual({ days: {} });
});
