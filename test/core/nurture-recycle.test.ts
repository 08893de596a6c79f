import fc from 'fast-check';
import { outlook, type Recycle, type Return, recycle, startOver } from '#core/nurture/recycle.ts';
import type { Tracks } from '#core/nurture/tracks.ts';
import { scoreEngagement } from '#core/scoring/engagement.ts';
import { shippedPlaybook } from '#test/support/shipped-playbook.ts';

const playbook = await shippedPlaybook();
const { tracks } = playbook;
const NOW = new Date('2026-11-30T12:00:00Z');
const DAY_MS = 86_400_000;
const day = (days: number) => new Date(NOW.getTime() + days * DAY_MS);
const iso = (days: number) => day(days).toISOString();

const given = (reason: string, days = 0, of: Partial<Return> = {}): Return => ({
  reason,
  workflow: 'inbound-lead',
  fromSales: true,
  at: day(days),
  ...of,
});
const back = (reason: string, of: Partial<Return> = {}, before?: Recycle): Recycle => {
  const last = recycle(tracks, before, given(reason, 0, of));
  if (last === undefined) throw new Error(`${reason} declines`);
  return last;
};

test.each([
  ['no_action', 0, 7, false],
  ['no_response', 14, 30, true],
  ['not_now_timing', 14, 90, true],
  ['no_budget', 30, 90, true],
  ['no_authority', 7, 45, true],
  ['no_need_yet', 14, 60, true],
  ['competitor_chosen', 90, 245, true],
  ['in_evaluation_elsewhere', 3, 14, false],
  ['self_serve_preferred', 7, 30, true],
  ['bad_data', 0, 7, false],
])(
  '%s: %s days of peace, %s days of rest, a fresh sign asked for: %s',
  (reason, cool, rest, sign) => {
    expect(back(reason)).toMatchObject({
      coolUntil: iso(cool),
      reEnterAt: iso(rest),
      needsSign: sign,
      count: 1,
    });
  },
);

const never = tracks.reasons.filter(({ disqualify }) => disqualify).map(({ code }) => code);
test.each(never)('%s never comes up again', (reason) => {
  expect(recycle(tracks, undefined, given(reason))).toBeUndefined();
});

test('a date they named brings them up ahead of it, though they did nothing since', () => {
  const last = back('no_budget', { namedDate: day(45) });
  expect(last).toMatchObject({ reEnterAt: iso(15), coolUntil: iso(15), needsSign: false });
  expect(outlook(last, day(14), {}).may).toBe('rest');
  expect(outlook(last, day(15), {}).may).toBe('enter');
});

test.each([
  ['rests until its time', 'no_response', 20, {}, 'rest'],
  ['rests on after its time if they did nothing', 'no_response', 40, {}, 'rest'],
  ['enters at its time if they did something', 'no_response', 40, { lastSignAt: iso(3) }, 'enter'],
  ['does not count what was before', 'no_response', 40, { lastSignAt: iso(-1) }, 'rest'],
  ['leaves them in peace, sign or not', 'no_response', 13, { sign: true }, 'rest'],
  ['enters on a sign once that is over', 'no_response', 14, { sign: true }, 'enter'],
  ['always hears who asks to talk', 'no_response', 1, { asked: true }, 'enter'],
  ['asks nothing of whom nobody acted on', 'no_action', 7, {}, 'enter'],
] as const)('somebody %s', (_, reason, days, seen, may) => {
  expect(outlook(back(reason), day(days), seen).may).toBe(may);
});

test('a sign in the time of peace is kept for its end', () => {
  const last = { ...back('no_response'), signAt: iso(2) };
  expect(outlook(last, day(13), {}).may).toBe('rest');
  expect(outlook(last, day(14), {}).may).toBe('enter');
});

test('whoever comes back a fourth time goes to the long-term track', () => {
  let last: Recycle | undefined;
  for (let round = 1; round <= 3; round += 1) {
    last = recycle(tracks, last, given('no_response', 20 * round));
    expect(last).toMatchObject({ track: 'light', count: round });
    expect(last?.longTerm).toBeUndefined();
  }
  expect(recycle(tracks, last, given('no_response', 90))).toMatchObject({
    track: 'long-term',
    longTerm: true,
    needsSign: true,
    count: 4,
  });
});

test('rated again and not ready yet, they stay where sales put them, and what they did adds up', () => {
  const first = back('no_response');
  const again = recycle(tracks, first, given('not_ready', 20, { fromSales: false }));
  expect(again).toMatchObject({ track: 'light', reason: 'no_response', at: first.at, count: 1 });
  expect(again?.reEnterAt).toBe(iso(50));
});

/** One thing that happens to a lead: sales gives it back, or it is found not ready. */
const round = fc.record({
  reason: fc.constantFrom(
    ...tracks.reasons.filter((one) => !one.disqualify).map((one) => one.code),
  ),
  fromSales: fc.boolean(),
  days: fc.integer({ min: 0, max: 400 }),
  named: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
});

type Round = typeof round extends fc.Arbitrary<infer Of> ? Of : never;

/** What comes back, one return after the other, with what was before each of them. */
function played(by: Tracks, rounds: readonly Round[]) {
  let last: Recycle | undefined;
  let at = 0;
  return rounds.map(({ reason, fromSales, days, named }) => {
    at += days;
    const namedDate = named === undefined ? undefined : day(at + named);
    const returned = given(reason, at, { fromSales, namedDate });
    const before = last;
    last = recycle(by, before, returned);
    return { before, returned, next: last, at };
  });
}

const rounds = fc.array(round, { minLength: 1, maxLength: 12 });

test('law: the n-th entry is the first, but for the counter', () => {
  const endless: Tracks = { ...tracks, recycling: undefined };
  fc.assert(
    fc.property(rounds, (all) => {
      for (const { before, returned, next } of played(endless, all)) {
        expect(next?.count).toBe((before?.count ?? 0) + (returned.fromSales ? 1 : 0));
        if (!returned.fromSales && before?.fromSales === true) continue;
        const first = recycle(endless, undefined, returned);
        expect({ ...next, count: 0 }).toEqual({ ...first, count: 0 });
      }
    }),
  );
});

test('law: a return leaves everybody a time that is not over, and the long-term track those who come too often', () => {
  fc.assert(
    fc.property(rounds, (all) => {
      for (const { returned, next, at } of played(tracks, all)) {
        expect((next?.reEnterAt ?? '') >= iso(at)).toBe(true);
        if (returned.fromSales) expect(next?.longTerm === true).toBe((next?.count ?? 0) > 3);
      }
    }),
  );
});

const model = playbook.scoring['default'];
if (model === undefined) throw new Error('The shipped playbook has no model.');
const touches = fc.array(
  fc.record({
    days: fc.integer({ min: -60, max: 0 }),
    kind: fc.constantFrom(
      'page-visited' as const,
      'form-submitted' as const,
      'email-clicked' as const,
    ),
    name: fc.constantFrom('Pricing', 'Blog', 'Webinar'),
  }),
  { maxLength: 25 },
);
const asTouches = (
  list: { days: number; kind: 'page-visited' | 'form-submitted' | 'email-clicked'; name: string }[],
) => list.map(({ days, ...touch }, index) => ({ ...touch, id: `t${index}`, at: iso(days) }));

test('law: before a hand-back counts at most the floor, and what comes after can only add', () => {
  fc.assert(
    fc.property(touches, fc.integer({ min: 0, max: 60 }), (list, ago) => {
      const floor = { at: iso(-ago), percent: 20 };
      const before = asTouches(list.filter(({ days }) => days <= -ago));
      const all = asTouches([
        ...list.filter(({ days }) => days <= -ago),
        ...list.filter(({ days }) => days > -ago),
      ]);
      const old = scoreEngagement(model, { touches: before, floor }, NOW).percent;
      const now = scoreEngagement(model, { touches: all, floor }, NOW).percent;
      expect(old).toBeLessThanOrEqual(20);
      expect(now).toBeLessThanOrEqual(scoreEngagement(model, { touches: all }, NOW).percent);
      expect(now).toBeGreaterThanOrEqual(old);
    }),
  );
});

test('whoever owes no fresh sign starts where they were', () => {
  expect(startOver(back('no_action'), tracks)).toBeUndefined();
  expect(startOver(back('no_response'), tracks)).toEqual({ at: iso(0), percent: 20 });
  expect(startOver(back('not_ready', { fromSales: false }), tracks)).toBeUndefined();
});
