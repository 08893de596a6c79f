import { shareOf } from '#connectors/kit/limits.ts';

const LIMITS = {
  rates: [{ name: 'ten seconds', calls: 100, everyMs: 10_000 }],
  concurrent: 5,
  daily: { calls: 50_000, resets: 'rolling' as const },
};

test.each([
  [1, 100, 5, 50_000],
  [0.5, 50, 2, 25_000],
  [2, 200, 10, 100_000],
  // Never none: a connection with a small share is slow, not switched off.
  [0.001, 1, 1, 50],
])('a share of %s leaves %s, %s and %s calls', (share, rate, concurrent, daily) => {
  const limits = shareOf(LIMITS, share);
  expect(limits.rates.map(({ calls }) => calls)).toEqual([rate]);
  expect(limits.concurrent).toBe(concurrent);
  expect(limits.daily).toEqual({ calls: daily, resets: 'rolling' });
});

test('what is not limited stays so', () => {
  expect(shareOf({ rates: [] }, 0.5)).toEqual({ rates: [] });
});
