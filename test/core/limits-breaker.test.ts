import fc from 'fast-check';
import {
  type BreakerState,
  CLOSED,
  FAILURES_TO_OPEN,
  passBreaker,
  vendorAnswered,
  vendorFailed,
} from '#core/limits/breaker.ts';

const START = Date.parse('2026-12-07T09:00:00.000Z');

function failing(times: number, apartMs: number, state: BreakerState = CLOSED): BreakerState {
  return Array.from({ length: times }).reduce<BreakerState>(
    (before, _, index) => vendorFailed(before, START + index * apartMs).state,
    state,
  );
}

test('it opens after so many failures in a row', () => {
  expect(failing(FAILURES_TO_OPEN - 1, 1_000).open).toBeUndefined();
  expect(failing(FAILURES_TO_OPEN, 1_000).open).toBeDefined();
});

test('an answer in between, and an hour in between, begin a new row', () => {
  const nearly = failing(FAILURES_TO_OPEN - 1, 1_000);
  expect(vendorFailed(vendorAnswered(nearly).state, START + 5_000).state.open).toBeUndefined();
  expect(vendorFailed(nearly, START + 3_600_000).state.open).toBeUndefined();
});

test('while it is open only a probe passes, one at a time', () => {
  const open = failing(FAILURES_TO_OPEN, 0);
  expect(passBreaker(open, START).until).toBe(START + 15_000);
  const probing = passBreaker(open, START + 15_000);
  expect(probing.until).toBeUndefined();
  expect(passBreaker(probing.state, START + 15_001).until).toBe(START + 75_000);
});

test('each probe that fails doubles the pause, up to five minutes', () => {
  let state = failing(FAILURES_TO_OPEN, 0);
  const pauses = Array.from({ length: 7 }, () => {
    const { probeAt = 0 } = state.open ?? {};
    state = vendorFailed(passBreaker(state, probeAt).state, probeAt).state;
    return (state.open?.probeAt ?? 0) - probeAt;
  });
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
});

test('calls that were under way when it opened change nothing', () => {
  const open = failing(FAILURES_TO_OPEN, 0);
  expect(vendorFailed(open, START + 5_000)).toEqual({ state: open });
});

test('an answer closes it', () => {
  const open = failing(FAILURES_TO_OPEN, 0);
  expect(vendorAnswered(open)).toEqual({ state: CLOSED, step: 'closed' });
});

interface Moment {
  readonly does: 'call' | 'fail' | 'answer';
  readonly waitMs: number;
}

/** What is told of these moments, and how it all ends. */
function lived(moments: readonly Moment[]) {
  let state: BreakerState = CLOSED;
  let now = START;
  const told: string[] = [];
  for (const { does, waitMs } of moments) {
    now += waitMs;
    if (does === 'call') {
      state = passBreaker(state, now).state;
      continue;
    }
    const next = does === 'fail' ? vendorFailed(state, now) : vendorAnswered(state);
    state = next.state;
    told.push(next.step ?? 'nothing');
  }
  return { state, now, told: told.filter((step) => step === 'opened' || step === 'closed') };
}

test('each outage is told once when it begins and once when it is over, whatever the clock does', () => {
  const AnyMoment = fc.record({
    does: fc.constantFrom('call' as const, 'fail' as const, 'answer' as const),
    waitMs: fc.integer({ min: -600_000, max: 600_000 }),
  });
  fc.assert(
    fc.property(fc.array(AnyMoment, { maxLength: 80 }), (moments) => {
      const { state, now, told } = lived(moments);
      expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'opened' : 'closed')));
      // Nobody is kept out for longer than the longest pause.
      expect(passBreaker(state, now + 300_000).until).toBeUndefined();
    }),
  );
});
