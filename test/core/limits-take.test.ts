import fc from 'fast-check';
import { LANE_SHARES, laneOf } from '#core/limits/lanes.ts';
import { type ConnectionState, FRESH } from '#core/limits/state.ts';
import { type ConnectionLimits, pause, take } from '#core/limits/take.ts';
import type { Urgency } from '#core/ports/operations.ts';
import { ask, burst, HOUR_MS, play, START, Steps, Urgencies } from './limits-asks.ts';

test('no window sees more calls than its rate allows, whatever lanes ask', () => {
  fc.assert(
    fc.property(
      Steps,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 10_000 }),
      (steps, calls, everyMs) => {
        const { granted } = play({ rates: [burst(calls, everyMs)] }, steps);
        for (const { at } of granted) {
          const within = granted.filter((one) => one.at >= at && one.at < at + everyMs);
          expect(within.reduce((sum, one) => sum + one.calls, 0)).toBeLessThanOrEqual(calls);
        }
      },
    ),
  );
});

test('calls that were granted to be made later are in no window too many', () => {
  const lifeMs = 1_000;
  fc.assert(
    fc.property(Steps, fc.integer({ min: 1, max: 12 }), (steps, calls) => {
      const everyMs = 10_000;
      const later = steps.map((step) => ({ ...step, ask: { ...step.ask, lifeMs } }));
      const { granted } = play({ rates: [burst(calls, everyMs)] }, later);
      // At worst one grant is used at its end, and the later ones at once.
      for (const { at } of granted) {
        const end = at + lifeMs + everyMs;
        const within = granted.filter((one) => one.at >= at && one.at < end);
        expect(within.reduce((sum, one) => sum + one.calls, 0)).toBeLessThanOrEqual(calls);
      }
    }),
  );
});

test('what was told to be waited for is enough', () => {
  fc.assert(
    fc.property(Steps, fc.integer({ min: 1, max: 6 }), Urgencies, (steps, calls, urgency) => {
      const limits = { rates: [burst(calls, 10_000)] };
      const { state, granted } = play(limits, steps);
      const now = granted.at(-1)?.at ?? START;
      const { wait } = take(state, limits, ask({ urgency }), now);
      const later = take(state, limits, ask({ urgency }), wait?.until ?? now);
      expect(later.granted).toBe(1);
    }),
  );
});

test('a clock never waits for what can wait for days', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 1, max: 400 }),
      (calls, tries) => {
        const limits: ConnectionLimits = {
          rates: [burst(calls, 10_000)],
          daily: { calls: calls * 2, resets: { midnightIn: 'America/Chicago' } },
        };
        const backfill = Array.from({ length: tries }, () => ({
          waitMs: 0,
          ask: ask({ urgency: 'backfill' }),
        }));
        const { state } = play(limits, backfill);
        expect(take(state, limits, ask({ urgency: 'clock' }), START).granted).toBe(1);
      },
    ),
  );
});

test.each(['clock', 'usual', 'backfill'] as const)(
  'the lane %s has its share of a rate',
  (urgency) => {
    const limits = { rates: [burst(100, 10_000)] };
    const all = Array.from({ length: 120 }, () => ({ waitMs: 1, ask: ask({ urgency }) }));
    const { granted } = play(limits, all);
    expect(granted.filter(({ calls }) => calls > 0)).toHaveLength(100 * LANE_SHARES[urgency]);
    expect(laneOf(1, urgency)).toBe(1);
  },
);

test('only the rates that count a call are asked', () => {
  const limits = { rates: [burst(100, 10_000), { name: 'search', calls: 1, everyMs: 1_000 }] };
  const searches = ask({ counts: ['burst', 'search'] });
  const { state } = take(FRESH, limits, searches, START);
  expect(take(state, limits, searches, START).wait).toEqual({
    limit: 'search',
    until: START + 1_000,
  });
  expect(take(state, limits, ask(), START).granted).toBe(1);
});

describe('a day', () => {
  const CHICAGO: ConnectionLimits = {
    rates: [],
    daily: { calls: 10, resets: { midnightIn: 'America/Chicago' } },
  };
  const clock = ask({ urgency: 'clock', counts: [] });
  const used = (limits: ConnectionLimits, calls: number, now: number) =>
    Array.from({ length: calls }).reduce<ConnectionState>(
      (state) => take(state, limits, clock, now).state,
      FRESH,
    );

  test('is parked until midnight where the vendor is', () => {
    const state = used(CHICAGO, 10, START);
    const midnight = Date.parse('2026-12-08T06:00:00.000Z');
    expect(take(state, CHICAGO, clock, START)).toMatchObject({
      granted: 0,
      wait: { limit: 'daily', until: midnight },
    });
    expect(take(state, CHICAGO, clock, midnight - 1).granted).toBe(0);
    expect(take(state, CHICAGO, clock, midnight).granted).toBe(1);
  });

  test.each([
    ['begins', '2026-03-08T12:00:00.000Z', '2026-03-09T05:00:00.000Z'],
    ['ends', '2026-11-01T12:00:00.000Z', '2026-11-02T06:00:00.000Z'],
  ])('on which summer time %s ends at midnight too', (_, at, midnight) => {
    const state = used(CHICAGO, 10, Date.parse(at));
    expect(take(state, CHICAGO, clock, Date.parse(at)).wait?.until).toBe(Date.parse(midnight));
  });

  test('that rolls never has more than its calls in 24 hours', () => {
    const limits: ConnectionLimits = { rates: [], daily: { calls: 10, resets: 'rolling' } };
    const hourly = Array.from({ length: 72 }, () => ({ waitMs: HOUR_MS, ask: clock }));
    const { granted } = play(limits, hourly);
    for (const { at } of granted) {
      const within = granted.filter((one) => one.at >= at && one.at < at + 24 * HOUR_MS);
      expect(within.reduce((sum, one) => sum + one.calls, 0)).toBeLessThanOrEqual(10);
    }
    expect(granted.reduce((sum, one) => sum + one.calls, 0)).toBeGreaterThanOrEqual(20);
  });

  test('is what the vendor says it is', () => {
    const gone = take(FRESH, CHICAGO, { ...clock, reading: { most: 50, remaining: 0 } }, START);
    expect(gone).toMatchObject({ granted: 0, wait: { limit: 'daily' } });
    const fuller = { ...clock, reading: { most: 50, remaining: 48 } };
    const state = used(CHICAGO, 10, START);
    expect(take(state, CHICAGO, fuller, START).granted).toBe(1);
  });

  test('that rolls is asked for again a while after the vendor said it was gone', () => {
    const limits: ConnectionLimits = { rates: [], daily: { calls: 10, resets: 'rolling' } };
    const { state, wait } = take(
      FRESH,
      limits,
      { ...clock, reading: { most: 50, remaining: 0 } },
      START,
    );
    expect(wait?.until).toBe(START + 15 * 60_000);
    expect(take(state, limits, clock, START + 15 * 60_000).granted).toBe(1);
  });

  test('gets back what a worker did not use of it', () => {
    const { state } = take(FRESH, CHICAGO, { ...clock, calls: 10 }, START);
    const resetsAt = state.day?.resetsAt ?? 0;
    const back = { ...clock, unused: { calls: 4, resetsAt } };
    expect(take(state, CHICAGO, back, START).state.day?.used).toBe(7);
    const yesterday = { ...clock, unused: { calls: 4, resetsAt: resetsAt - 1 } };
    expect(take(state, CHICAGO, yesterday, START).granted).toBe(0);
  });

  test('is warned of once, when most of it is used', () => {
    const all = Array.from({ length: 10 }, () => ({ waitMs: 60_000, ask: clock }));
    let state = FRESH;
    let now = START;
    const warnings = all.flatMap(({ waitMs }) => {
      now += waitMs;
      const answer = take(state, CHICAGO, clock, now);
      state = answer.state;
      return answer.warning ?? [];
    });
    expect(warnings).toHaveLength(1);
  });

  test('is warned of early when it will be gone before the reset at this pace', () => {
    // Three hours after midnight in Chicago a third is gone: that lasts until nine.
    const limits: ConnectionLimits = {
      rates: [],
      daily: { calls: 300, resets: { midnightIn: 'America/Chicago' } },
    };
    const { state } = take(FRESH, limits, { ...clock, calls: 100 }, START);
    const { warning } = take(state, limits, clock, START);
    expect(warning?.usedShare).toBeCloseTo(1 / 3);
    expect(new Date(warning?.goneAt ?? 0).toISOString()).toBe('2026-12-07T15:00:00.000Z');
  });
});

describe('a pause', () => {
  const limits = { rates: [burst(100, 10_000), { name: 'search', calls: 5, everyMs: 1_000 }] };

  test('lasts as long as the vendor says, for those whom its limit counts', () => {
    const state = pause(FRESH, limits, 'search', 7_000, START);
    const search = ask({ counts: ['burst', 'search'] });
    expect(take(state, limits, search, START)).toMatchObject({
      granted: 0,
      wait: { limit: 'search', until: START + 7_000 },
    });
    expect(take(state, limits, ask(), START).granted).toBe(1);
    expect(take(state, limits, search, START + 7_000).granted).toBe(1);
  });

  test('of a limit that nobody knows rests the connection', () => {
    const state = pause(FRESH, limits, 'SECONDLY', undefined, START);
    expect(take(state, limits, ask(), START).wait).toEqual({
      limit: 'SECONDLY',
      until: START + 1_000,
    });
  });

  test.each([
    ['a rate', 'burst', START + 10_000],
    ['the day', 'daily', Date.parse('2026-12-08T06:00:00.000Z')],
  ])('of %s without a time lasts until it is whole again', (_, limit, until) => {
    const daily = { calls: 10, resets: { midnightIn: 'America/Chicago' } };
    const state = pause(FRESH, { ...limits, daily }, limit, undefined, START);
    expect(take(state, { ...limits, daily }, ask(), START).wait).toEqual({ limit, until });
  });
});

describe('calls at once', () => {
  const limits = { rates: [], concurrent: 4 };
  const by = (id: string, underWay: number, urgency: Urgency = 'clock') =>
    ask({ counts: [], urgency, worker: { id, underWay, holdMs: 30_000 } });

  test('are shared by all workers, and come back from one that died', () => {
    let state = take(FRESH, limits, by('one', 2), START).state;
    expect(take(state, limits, by('two', 0, 'backfill'), START).granted).toBe(0);
    state = take(state, limits, by('two', 0), START).state;
    expect(take(state, limits, by('two', 1), START)).toMatchObject({
      granted: 0,
      wait: { limit: 'concurrent' },
    });
    expect(take(state, limits, by('two', 1), START + 30_001).granted).toBe(1);
  });
});

test('a clock that is set ahead or back parks nobody for longer than the limit itself', () => {
  const limits: ConnectionLimits = {
    rates: [burst(5, 10_000)],
    daily: { calls: 50, resets: { midnightIn: 'Europe/Berlin' } },
    concurrent: 3,
  };
  const Jump = fc.integer({ min: -400 * 24 * HOUR_MS, max: 400 * 24 * HOUR_MS });
  fc.assert(
    fc.property(fc.array(Jump, { minLength: 1, maxLength: 12 }), (jumps) => {
      let state = FRESH;
      let now = START;
      for (const jump of jumps) {
        now += jump;
        for (let n = 0; n < 8; n += 1) {
          const worker = { id: `w${n}`, underWay: 0, holdMs: 20_000 };
          state = take(state, limits, ask({ urgency: 'clock', worker }), now).state;
          state = pause(state, limits, 'burst', 5_000, now);
        }
      }
      const afterwards = now + 25 * HOUR_MS;
      expect(take(state, limits, ask({ urgency: 'clock' }), afterwards).granted).toBe(1);
      const rate = { ...limits, daily: undefined };
      expect(take(state, rate, ask({ urgency: 'clock' }), now + 41_000).granted).toBe(1);
    }),
  );
});
