import fc from 'fast-check';
import { nextInRotation, type RotationState } from '#core/routing/rotation.ts';

interface Member {
  readonly email: string;
  readonly weight: number;
}

const members = (weights: Record<string, number>): Member[] =>
  Object.entries(weights).map(([email, weight]) => ({ email, weight }));

/** Whom so many turns pick; `present` says who is there at a turn. */
function turns(pool: readonly Member[], count: number, present = (_: string, __: number) => true) {
  let state: RotationState = {};
  const picks: string[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const next = nextInRotation(
      state,
      pool.filter(({ email }) => present(email, turn)),
    );
    state = next?.state ?? state;
    picks.push(next?.pick ?? '-');
  }
  return picks;
}

test.each([
  ['a heavy member is spread out', { a: 5, b: 1, c: 1 }, 'aabacaa'],
  ['so are three different weights', { a: 5, b: 2, c: 3 }, 'acbaacabca'],
  ['equals go by the order of the list', { a: 1, b: 1, c: 1 }, 'abcabc'],
  ['alone one gets everything', { a: 3 }, 'aaa'],
])('%s', (_, weights, expected) => {
  expect(turns(members(weights), expected.length).join('')).toBe(expected);
});

test('the runner-up is who would have had it next', () => {
  expect(nextInRotation({}, members({ a: 1, b: 3, c: 2 }))).toMatchObject({
    pick: 'b',
    runnerUp: 'c',
  });
  expect(nextInRotation({}, members({ a: 1 }))?.runnerUp).toBeUndefined();
});

test('with nobody there is no turn', () => {
  expect(nextInRotation({ a: 2 }, [])).toBeUndefined();
});

test('who was away is not flooded on return', () => {
  const away = (email: string, turn: number) => email !== 'a' || turn < 10 || turn >= 110;
  const picks = turns(members({ a: 1, b: 1, c: 1 }), 140, away);
  expect(picks.slice(10, 110)).not.toContain('a');
  expect(picks.slice(110).filter((pick) => pick === 'a')).toHaveLength(10);
  expect(picks.slice(110, 116).filter((pick) => pick === 'a').length).toBeLessThanOrEqual(2);
});

const anyPool = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
  .map((weights) => weights.map((weight, index) => ({ email: `p${index}`, weight })));
const countOf = (picks: readonly string[], email: string) =>
  picks.filter((pick) => pick === email).length;

test('law: each block of turns gives everybody exactly their weight', () => {
  fc.assert(
    fc.property(anyPool, (pool) => {
      const block = pool.reduce((sum, { weight }) => sum + weight, 0);
      const picks = turns(pool, 2 * block);
      for (const { email, weight } of pool) expect(countOf(picks, email)).toBe(2 * weight);
    }),
  );
});

test('law: at no moment is anybody two turns from their share', () => {
  fc.assert(
    fc.property(anyPool, fc.integer({ min: 1, max: 200 }), (pool, count) => {
      const block = pool.reduce((sum, { weight }) => sum + weight, 0);
      const picks = turns(pool, count);
      const shares = pool.map(
        ({ email, weight }) => countOf(picks, email) - (count * weight) / block,
      );
      expect(Math.max(...shares.map(Math.abs))).toBeLessThan(2);
    }),
  );
});

test('law: with equal weights nobody is more than one turn ahead of anybody', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 100 }),
      (size, count) => {
        const pool = Array.from({ length: size }, (_, index) => ({
          email: `p${index}`,
          weight: 1,
        }));
        const picks = turns(pool, count);
        const counts = pool.map(({ email }) => countOf(picks, email));
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('law: among equals the shares are fair (Jain index), whoever is away when', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 0, max: 1000 }), (size, seed) => {
      const pool = Array.from({ length: size }, (_, index) => ({ email: `p${index}`, weight: 1 }));
      // Everybody is away equally often, in a pattern that differs by seed.
      const present = (email: string, turn: number) =>
        (turn + Number(email.slice(1)) * 7 + seed) % 10 > 1;
      const picks = turns(pool, 2000, present);
      const received = pool.map(({ email }) => countOf(picks, email));
      const sum = received.reduce((total, each) => total + each, 0);
      const squares = received.reduce((total, each) => total + each ** 2, 0);
      expect(sum ** 2 / (received.length * squares)).toBeGreaterThan(0.99);
    }),
    { numRuns: 50 },
  );
});

test('law: credits sum to zero, so nothing piles up', () => {
  fc.assert(
    fc.property(anyPool, fc.integer({ min: 1, max: 60 }), (pool, count) => {
      let state: RotationState = {};
      for (let turn = 0; turn < count; turn += 1) {
        state = nextInRotation(state, pool.slice(turn % pool.length))?.state ?? state;
      }
      expect(Object.values(state).reduce((sum, each) => sum + each, 0)).toBe(0);
    }),
  );
});
