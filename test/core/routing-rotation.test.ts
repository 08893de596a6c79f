import fc from 'fast-check';
import {
  type RotationMember,
  type RotationRule,
  RotationState,
  takeTurn,
} from '#core/routing/rotation.ts';
import { leaningWeights } from '#core/routing/share.ts';

const members = (weights: Record<string, number>): RotationMember[] =>
  Object.entries(weights).map(([email, weight]) => ({ email, weight }));

const SMOOTH: RotationRule = { by: 'smooth', onReturn: 'level' };
const STRIDE: RotationRule = { by: 'stride', onReturn: 'level' };

/** Whom so many turns pick; `present` says who is there at a turn, the others are away. */
function turns(
  pool: readonly RotationMember[],
  count: number,
  {
    rule = SMOOTH,
    present = () => true,
  }: { rule?: RotationRule; present?: (email: string, turn: number) => boolean } = {},
) {
  let state: RotationState | undefined;
  const picks: string[] = [];
  for (let turn = 0; turn < count; turn += 1) {
    const [here, away] = [true, false].map((wanted) =>
      pool.filter(({ email }) => present(email, turn) === wanted),
    );
    const next = takeTurn(state, rule, here ?? [], away);
    // As a store would hand it back.
    state =
      next === undefined ? state : RotationState.parse(JSON.parse(JSON.stringify(next.state)));
    picks.push(next?.pick ?? '-');
  }
  return picks;
}

test.each([
  ['smooth: a heavy member is spread out', SMOOTH, { a: 5, b: 1, c: 1 }, 'aabacaa'],
  ['smooth: so are three different weights', SMOOTH, { a: 5, b: 2, c: 3 }, 'acbaacabca'],
  ['smooth: equals go by the order of the list', SMOOTH, { a: 1, b: 1, c: 1 }, 'abcabc'],
  ['smooth: alone one gets everything', SMOOTH, { a: 3 }, 'aaa'],
  ['stride: a heavy member comes in a clump', STRIDE, { a: 5, b: 1, c: 1 }, 'abcaaaa'],
  ['stride: three different weights', STRIDE, { a: 5, b: 2, c: 3 }, 'abcacabaca'],
  ['stride: equals go by the order of the list', STRIDE, { a: 1, b: 1, c: 1 }, 'abcabc'],
  ['stride: the block comes again', STRIDE, { a: 5, b: 1, c: 1 }, 'abcaaaaabcaaaa'],
])('%s', (_, rule, weights, expected) => {
  expect(turns(members(weights), expected.length, { rule }).join('')).toBe(expected);
});

test('the runner-up is who would have had it next', () => {
  const weights = members({ a: 1, b: 3, c: 2 });
  expect(takeTurn(undefined, SMOOTH, weights)).toMatchObject({ pick: 'b', runnerUp: 'c' });
  expect(takeTurn(undefined, STRIDE, weights)).toMatchObject({ pick: 'a', runnerUp: 'b' });
  expect(takeTurn(undefined, SMOOTH, members({ a: 1 }))?.runnerUp).toBeUndefined();
});

test('with nobody there is no turn', () => {
  expect(takeTurn({ by: 'smooth', standing: { a: 2 } }, SMOOTH, [])).toBeUndefined();
  expect(takeTurn(undefined, STRIDE, [], members({ a: 1 }))).toBeUndefined();
});

test('what a hub stored before there was a choice is read as a smooth rotation', () => {
  expect(RotationState.parse({ a: -1, b: 1 })).toEqual({
    by: 'smooth',
    standing: { a: -1, b: 1 },
  });
});

test('a pool that turns in another way from now on starts anew', () => {
  const state: RotationState = { by: 'smooth', standing: { a: -9, b: 9 } };
  expect(takeTurn(state, STRIDE, members({ a: 1, b: 1 }))?.pick).toBe('a');
});

describe('on return', () => {
  const three = members({ a: 1, b: 1, c: 1 });
  const present = (email: string, turn: number) => email !== 'a' || turn < 30 || turn >= 60;
  const share = (picks: readonly string[]) => picks.filter((pick) => pick === 'a').length;

  // Away for 30 turns of a third each: 10 were missed.
  test.each([
    ['smooth', 'level', 4, 20, 'what was missed is forgotten'],
    ['stride', 'level', 4, 20, 'what was missed is forgotten'],
    ['smooth', 'catch-up', 10, 30, 'it comes back turn after turn'],
    ['stride', 'catch-up', 10, 30, 'it comes back turn after turn'],
    ['smooth', 'credit', 6, 30, 'it comes back by a double share'],
    ['stride', 'credit', 6, 30, 'it comes back by a double share'],
  ] as const)(
    '%s with %s: %i of the next ten, %i of ninety in all: %s',
    (by, onReturn, soon, all, _why) => {
      const picks = turns(three, 90 + 30, { rule: { by, onReturn }, present });
      expect(share(picks.slice(30, 60))).toBe(0);
      expect(share(picks.slice(60, 70))).toBeLessThanOrEqual(soon);
      expect(share(picks.slice(60, 70))).toBeGreaterThanOrEqual(soon - 1);
      const expected = all + 10;
      expect(Math.abs(share(picks) - expected)).toBeLessThanOrEqual(1);
    },
  );

  test.each(['level', 'catch-up', 'credit'] as const)(
    'a new member starts level (%s)',
    (onReturn) => {
      for (const by of ['smooth', 'stride'] as const) {
        let state: RotationState | undefined;
        for (let turn = 0; turn < 100; turn += 1) {
          state = takeTurn(state, { by, onReturn }, members({ b: 1, c: 1 }))?.state;
        }
        const picks: (string | undefined)[] = [];
        for (let turn = 0; turn < 12; turn += 1) {
          const next = takeTurn(state, { by, onReturn }, three);
          state = next?.state;
          picks.push(next?.pick);
        }
        expect(Math.abs(picks.filter((pick) => pick === 'a').length - 4)).toBeLessThanOrEqual(1);
      }
    },
  );

  test('who was not asked for another reason is owed nothing', () => {
    const rule: RotationRule = { by: 'stride', onReturn: 'catch-up' };
    let state: RotationState | undefined;
    for (let turn = 0; turn < 50; turn += 1) {
      state = takeTurn(state, rule, turn === 0 ? three : three.slice(1))?.state;
    }
    const picks: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const next = takeTurn(state, rule, three);
      state = next?.state;
      picks.push(next?.pick);
    }
    expect(picks.filter((pick) => pick === 'a').length).toBeLessThanOrEqual(3);
  });
});

describe('leaning to who has less', () => {
  const team = (open: number[]) =>
    open.map((each, index) => ({ email: `p${index}`, weight: 1, open: each }));

  test('with the same open work everybody keeps their weight', () => {
    for (const { weight } of leaningWeights(team([10, 10, 10])))
      expect(Math.abs(weight - 1)).toBeLessThan(0.05);
  });

  test('whoever has nothing is not flooded', () => {
    let state: RotationState | undefined;
    const open = [0, 20, 20];
    const picks: string[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      const next = takeTurn(
        state,
        { by: 'least-loaded', onReturn: 'level' },
        leaningWeights(team(open)),
      );
      state = next?.state;
      const pick = next?.pick ?? '-';
      picks.push(pick);
      open[Number(pick.slice(1))] = (open[Number(pick.slice(1))] ?? 0) + 1;
    }
    expect(picks.join('')).not.toMatch(/(p0){4}/);
    const first = picks.filter((pick) => pick === 'p0').length;
    expect(first).toBeGreaterThan(4);
    expect(first).toBeLessThan(10);
  });

  test('law: no weight is more than doubled or halved', () => {
    const anyTeam = fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 9 }), open: fc.nat({ max: 100 }) }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(anyTeam, (all) => {
        const leaning = leaningWeights(all);
        for (const [index, { weight }] of leaning.entries()) {
          const factor = weight / (all[index]?.weight ?? 1);
          expect(factor).toBeGreaterThanOrEqual(0.5);
          expect(factor).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});

const anyPool = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 })
  .map((weights) => weights.map((weight, index) => ({ email: `p${index}`, weight })));
const anyRule = fc.record({
  by: fc.constantFrom('smooth' as const, 'stride' as const),
  onReturn: fc.constantFrom('level' as const, 'catch-up' as const, 'credit' as const),
});
const countOf = (picks: readonly string[], email: string) =>
  picks.filter((pick) => pick === email).length;

test('law: each block of turns gives everybody exactly their weight', () => {
  fc.assert(
    fc.property(anyPool, anyRule, (pool, rule) => {
      const block = pool.reduce((sum, { weight }) => sum + weight, 0);
      const picks = turns(pool, 2 * block, { rule });
      for (const { email, weight } of pool) expect(countOf(picks, email)).toBe(2 * weight);
    }),
    { numRuns: 60 },
  );
});

test('law: at no moment of a smooth rotation is anybody two turns from their share', () => {
  fc.assert(
    fc.property(anyPool, fc.integer({ min: 1, max: 200 }), (pool, count) => {
      const block = pool.reduce((sum, { weight }) => sum + weight, 0);
      const picks = turns(pool, count);
      const shares = pool.map(
        ({ email, weight }) => countOf(picks, email) - (count * weight) / block,
      );
      expect(Math.max(...shares.map(Math.abs))).toBeLessThan(2);
    }),
    { numRuns: 60 },
  );
});

test('law: with equal weights nobody is more than one turn ahead of anybody', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 100 }),
      anyRule,
      (size, count, rule) => {
        const pool = Array.from({ length: size }, (_, index) => ({
          email: `p${index}`,
          weight: 1,
        }));
        const picks = turns(pool, count, { rule });
        const counts = pool.map(({ email }) => countOf(picks, email));
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 60 },
  );
});

test('law: among equals the shares are fair (Jain index), whoever is away when', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ min: 0, max: 1000 }),
      anyRule,
      (size, seed, rule) => {
        const pool = Array.from({ length: size }, (_, index) => ({
          email: `p${index}`,
          weight: 1,
        }));
        // Everybody is away equally often, in a pattern that differs by seed.
        const present = (email: string, turn: number) =>
          (turn + Number(email.slice(1)) * 7 + seed) % 10 > 1;
        const picks = turns(pool, 1000, { rule, present });
        const received = pool.map(({ email }) => countOf(picks, email));
        const sum = received.reduce((total, each) => total + each, 0);
        const squares = received.reduce((total, each) => total + each ** 2, 0);
        expect(sum ** 2 / (received.length * squares)).toBeGreaterThan(
          rule.by === 'smooth' && rule.onReturn === 'level' ? 0.99 : 0.95,
        );
      },
    ),
    { numRuns: 15 },
  );
});

test('law: what is given back makes the totals what they would have been', () => {
  fc.assert(
    fc.property(
      anyPool.filter((pool) => pool.length > 1),
      fc.constantFrom('smooth' as const, 'stride' as const),
      fc.constantFrom('catch-up' as const, 'credit' as const),
      fc.integer({ min: 1, max: 60 }),
      (pool, by, onReturn, leave) => {
        const weights = pool.reduce((sum, { weight }) => sum + weight, 0);
        const present = (email: string, turn: number) => email !== 'p0' || turn >= leave;
        const count = leave * 12 + weights * 2;
        const picks = turns(pool, count, { rule: { by, onReturn }, present });
        const due = (count * (pool[0]?.weight ?? 0)) / weights;
        // One whose whole share is most of the pool cannot have twice of it.
        if (onReturn === 'credit' && (pool[0]?.weight ?? 0) * 2 > weights) return;
        expect(Math.abs(countOf(picks, 'p0') - due)).toBeLessThan(3);
      },
    ),
    { numRuns: 40 },
  );
});

test('law: credits sum to zero, so nothing piles up', () => {
  fc.assert(
    fc.property(anyPool, fc.integer({ min: 1, max: 60 }), (pool, count) => {
      let state: RotationState | undefined;
      for (let turn = 0; turn < count; turn += 1) {
        state = takeTurn(state, SMOOTH, pool.slice(turn % pool.length))?.state ?? state;
      }
      const standing = Object.values(state?.standing ?? {});
      expect(standing.reduce((sum, each) => sum + each, 0)).toBe(0);
    }),
  );
});
