import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { TouchKind } from '#core/events.ts';
import {
  type Decayed,
  ledgerOf,
  pointsAt,
  sumOf,
  together,
  worthAt,
} from '#core/scoring/decayed.ts';
import { scoreEngagement } from '#core/scoring/engagement.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';

const shipped = ScoringModel.parse(
  JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
);
const NOW = Date.parse('2026-11-22T12:00:00Z');
const now = new Date(NOW);
const DAY = 86_400_000;

const anySum: fc.Arbitrary<Decayed> = fc.record({
  points: fc.double({ min: 0, max: 100, noNaN: true }),
  at: fc.integer({ min: NOW - 300 * DAY, max: NOW }),
});
const halfLife = fc.constantFrom(1, 7, 14, 21, 45, 90);
const anyTouch: fc.Arbitrary<ScoredTouch> = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom(...TouchKind.options),
  at: fc.integer({ min: -200 * DAY, max: DAY }).map((ms) => new Date(NOW + ms).toISOString()),
  name: fc.constantFrom('Pricing', 'Case study', 'Demo request', 'Blog'),
});

function expectAlike(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) {
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [category, points] of one) expect(other.get(category)).toBeCloseTo(points, 9);
}

test('law: sums that decay are merged in any order and in any grouping', () => {
  fc.assert(
    fc.property(anySum, anySum, anySum, halfLife, (a, b, c, days) => {
      const worth = (sum: Decayed) => worthAt(sum, NOW, days);
      expect(sumOf(a, b, days)).toEqual(sumOf(b, a, days));
      const left = worth(sumOf(sumOf(a, b, days), c, days));
      expect(worth(sumOf(a, sumOf(b, c, days), days))).toBeCloseTo(left, 9);
      expect(worth(a) + worth(b) + worth(c)).toBeCloseTo(left, 9);
    }),
  );
});

test('a half-life later a sum is worth half, and before its instant twice as much', () => {
  expect(worthAt({ points: 30, at: NOW }, NOW + 14 * DAY, 14)).toBeCloseTo(15, 12);
  expect(worthAt({ points: 30, at: NOW }, NOW - 14 * DAY, 14)).toBeCloseTo(60, 12);
});

test('law: late touches and people who turn out to be one give what order would have given', () => {
  fc.assert(
    fc.property(fc.array(anyTouch, { maxLength: 30 }), fc.nat(30), (touches, cut) => {
      const ledger = (some: readonly ScoredTouch[]) =>
        together(some.map((touch) => ledgerOf(shipped, touch, now)));
      const inOrder = touches.toSorted((one, other) => (one.at < other.at ? -1 : 1));
      const whole = pointsAt(ledger(inOrder), now);
      expectAlike(whole, pointsAt(ledger(inOrder.toReversed()), now));
      const merged = together([ledger(touches.slice(cut)), ledger(touches.slice(0, cut))]);
      expectAlike(whole, pointsAt(merged, now));
    }),
  );
});

test('law: without diminishing returns the closed form is what reading all touches gives', () => {
  const plain = { ...shipped, dailyDiminishing: false, caps: {}, fullEngagement: 1_000_000 };
  const later = fc.integer({ min: 2, max: 100 }).map((days) => new Date(NOW + days * DAY));
  fc.assert(
    fc.property(fc.array(anyTouch, { maxLength: 30 }), later, (touches, at) => {
      const read = scoreEngagement(plain, touches, at).points;
      const ledger = together(touches.map((touch) => ledgerOf(plain, touch, at)));
      const closed = [...pointsAt(ledger, at).values()].reduce((sum, each) => sum + each, 0);
      const sum = read.reduce((total, { points }) => total + points, 0);
      // Each line that people read is rounded to a thousandth.
      expect(Math.abs(closed - sum)).toBeLessThanOrEqual(0.0005 * touches.length + 1e-9);
    }),
  );
});

test('a touch that no rule knows, and one that is worth nothing, leave no trace', () => {
  const touch = { id: '1', at: now.toISOString(), name: 'x' };
  expect(ledgerOf(shipped, { ...touch, kind: 'email-received' }, now).size).toBe(0);
  const careers = { ...touch, kind: 'page-visited', url: 'https://nw.example/careers' } as const;
  expect(ledgerOf(shipped, careers, now).size).toBe(0);
});
