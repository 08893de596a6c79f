import fc from 'fast-check';
import { type Calendar, workingMsBetween } from '#core/clocks/business-time.ts';
import { ClockPolicy, openClock } from '#core/clocks/ladder.ts';
import { measureOf } from '#core/clocks/measure.ts';
import { type PausePolicy, paused, pauseLeft, resumed } from '#core/clocks/pause.ts';
import { carriedOver, progressOf, type RunningClock } from '#core/clocks/running.ts';
import { anyCalendar, anyInstant } from '#test/support/any-calendar.ts';

const LADDER = [
  { at: '50%', do: 'remind' },
  { at: '75%', do: 'remind' },
  { at: '100%', do: 'breach' },
  { at: '150%', do: 'escalate' },
  { at: '200%', do: 'end' },
];
const MINUTE = 60_000;
const GENEROUS: PausePolicy = { reasons: ['waiting-for-buyer'], atMost: '9000 business minutes' };
const ms = (at: string) => Date.parse(at);
const later = (at: Date | string, by: number) => new Date(new Date(at).getTime() + by);

const opened = (calendar: Calendar, from: Date, minutes: number): RunningClock => ({
  openedAt: from.toISOString(),
  climbed: 0,
  ...openClock(
    ClockPolicy.parse({ by: { default: `${minutes} business minutes` }, ladder: LADDER }),
    'hot',
    calendar,
    from,
  ),
});

/** A clock, a moment within its time, and a pause from then on. */
const anyCase = fc.record({
  calendar: anyCalendar,
  from: anyInstant,
  minutes: fc.integer({ min: 10, max: 2000 }),
  /** How far into the clock's real time, in thousandths. */
  at: fc.integer({ min: 0, max: 999 }),
  pause: fc.integer({ min: 1, max: 1500 }),
  resume: fc.integer({ min: 0, max: 999 }),
  climbed: fc.integer({ min: 0, max: 2 }),
});
type Case = ReturnType<typeof anyCase.generate>['value'];

function pausedCase({ calendar, from, minutes, at, pause, climbed }: Case) {
  const clock = { ...opened(calendar, from, minutes), climbed };
  const measure = measureOf(calendar, {});
  const now = later(from, Math.floor(((ms(clock.deadline) - from.getTime()) * at) / 1000));
  const wish = {
    reason: 'waiting-for-buyer',
    by: 'anna',
    length: `${pause} business minutes`,
    now,
  };
  const still = paused(calendar, measure, clock, GENEROUS, wish);
  return { clock, measure, now, still, until: new Date(still.pauses?.[0]?.until ?? '') };
}

test('law: a pause of so much moves the deadline and what is not climbed by just that', () => {
  fc.assert(
    fc.property(anyCase, (one) => {
      const { clock, measure, still } = pausedCase(one);
      const wanted = one.pause * MINUTE;
      expect(measure.between(ms(clock.deadline), ms(still.deadline))).toBe(wanted);
      for (const [index, rung] of still.rungs.entries()) {
        const before = clock.rungs[index]?.at ?? '';
        expect(measure.between(ms(before), ms(rung.at))).toBe(index < one.climbed ? 0 : wanted);
      }
    }),
    { numRuns: 300 },
  );
});

test('law: whoever resumes early has moved the deadline by just the time that was used', () => {
  fc.assert(
    fc.property(anyCase, (one) => {
      const { clock, measure, now, still, until } = pausedCase(one);
      const at = later(now, Math.floor(((until.getTime() - now.getTime()) * one.resume) / 1000));
      const used = workingMsBetween(one.calendar, now.getTime(), at.getTime());
      const going = resumed(measure, still, at);
      expect(measure.between(ms(clock.deadline), ms(going.deadline))).toBe(used);
      expect(pauseLeft(one.calendar, measure, going, GENEROUS)).toBe(9000 * MINUTE - used);
    }),
    { numRuns: 300 },
  );
});

test('law: elapsed and remaining add up to the time allowed, and stand still during a pause', () => {
  fc.assert(
    fc.property(anyCase, (one) => {
      const { measure, now, still, until } = pausedCase(one);
      const whole = one.minutes * MINUTE;
      const before = progressOf(measure, still, now);
      const during = progressOf(measure, still, later(now, (until.getTime() - now.getTime()) / 2));
      expect(before.elapsedMs + before.remainingMs).toBe(whole);
      expect(during).toEqual(before);
      expect(progressOf(measure, still, until)).toEqual(before);
      expect(progressOf(measure, still, new Date(still.deadline)).remainingMs).toBe(0);
      expect(progressOf(measure, still, new Date(still.openedAt)).elapsedMs).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('law: in the hours of somebody else as much remains as before', () => {
  fc.assert(
    fc.property(anyCase, anyCalendar, (one, other) => {
      const { measure, still, until } = pausedCase(one);
      const theirs = measureOf(other, {});
      const carried = carriedOver([measure, theirs], still, until);
      const left = measure.between(until.getTime(), ms(still.deadline));
      expect(theirs.between(until.getTime(), ms(carried.deadline))).toBe(left);
      expect(carriedOver([measure, measure], still, until).deadline).toBe(
        left > 0 ? new Date(measure.move(until.getTime(), left)).toISOString() : still.deadline,
      );
    }),
    { numRuns: 200 },
  );
});

const NINE = new Date('2026-12-07T09:00:00Z');
const someCalendar = () => {
  const calendar = fc.sample(anyCalendar, { numRuns: 1, seed: 1 })[0];
  if (calendar === undefined) throw new Error('no calendar');
  return calendar;
};

test.each([
  ['a reason that the policy does not name', 'bored', '5 business minutes', 'pause_reason_unknown'],
  ['more than the budget', 'waiting', '61 business minutes', 'pause_over_budget'],
])('a pause for %s is refused', (_what, reason, length, code) => {
  const calendar = someCalendar();
  const clock = opened(calendar, NINE, 240);
  const policy = { reasons: ['waiting'], atMost: '60 business minutes' };
  const measure = measureOf(calendar, {});
  const pause = () =>
    paused(calendar, measure, clock, policy, { reason, by: 'a', length, now: NINE });
  expect(pause).toThrow(expect.objectContaining({ code }));
});

test('the refusal names what is left, and a second pause waits for the end of the first', () => {
  const calendar = someCalendar();
  const clock = opened(calendar, NINE, 240);
  const policy = { reasons: ['waiting'], atMost: '60 business minutes' };
  const measure = measureOf(calendar, {});
  const ask = (one: RunningClock, length: string, now: Date) =>
    paused(calendar, measure, one, policy, { reason: 'waiting', by: 'a', length, now });
  const first = ask(clock, '40 business minutes', NINE);
  expect(() => ask(first, '5 business minutes', NINE)).toThrow(
    expect.objectContaining({ code: 'clock_paused' }),
  );
  const over = new Date(first.pauses?.[0]?.until ?? '');
  expect(() => ask(first, '21 business minutes', over)).toThrow(/20 business minutes are left/);
  expect(ask(first, '20 business minutes', over).pauses).toHaveLength(2);
  expect(() => resumed(measure, clock, NINE)).toThrow(
    expect.objectContaining({ code: 'clock_not_paused' }),
  );
  const late = { ...clock, breachedAt: clock.deadline };
  expect(() => ask(late, '5 business minutes', NINE)).toThrow(
    expect.objectContaining({ code: 'clock_breached' }),
  );
});

test('a clock of plain time is paused by plain time', () => {
  const calendar = someCalendar();
  const measure = measureOf(calendar, { plain: true });
  const clock: RunningClock = {
    openedAt: NINE.toISOString(),
    deadline: '2026-12-08T09:00:00.000Z',
    rungs: [{ at: '2026-12-08T09:00:00.000Z', do: 'breach' }],
    climbed: 0,
  };
  const policy = { reasons: ['waiting'], atMost: 'PT4H' };
  const wish = { reason: 'waiting', by: 'a', length: 'PT3H', now: later(NINE, 3_600_000) };
  const still = paused(calendar, measure, clock, policy, wish);
  expect(still.deadline).toBe('2026-12-08T12:00:00.000Z');
  expect(pauseLeft(calendar, measure, still, policy)).toBe(3_600_000);
  expect(resumed(measure, still, later(NINE, 2 * 3_600_000)).deadline).toBe(
    '2026-12-08T10:00:00.000Z',
  );
});
