import fc from 'fast-check';
import { calendarOf } from '#core/clocks/business-time.ts';
import { CalendarDefinition } from '#core/clocks/calendar.ts';
import { ClockPolicy, nextRung, openClock } from '#core/clocks/ladder.ts';

const day: [string, string][] = [['09:00', '17:00']];
const berlin = calendarOf(
  CalendarDefinition.parse({
    timeZone: 'Europe/Berlin',
    hours: { mon: day, tue: day, wed: day, thu: day, fri: day },
  }),
);

const LADDER = [
  { at: '50%', do: 'remind' },
  { at: '100%', do: 'breach' },
  { at: '150%', do: 'escalate' },
  { at: '200%', do: 'end' },
];

const policy = ClockPolicy.parse({
  by: { hot: '4 business hours', warm: '1 business day', qualified: 'PT4H', default: 'PT1H' },
  ladder: LADDER,
});

// 2026-11-20 is a Friday; Berlin is one hour ahead of UTC.
test.each([
  [
    'shares of working time stop at night',
    'hot',
    '2026-11-20T14:00Z',
    ['2026-11-20T16:00Z', '2026-11-23T10:00Z', '2026-11-23T12:00Z', '2026-11-23T14:00Z'],
  ],
  [
    'a business day has shares as well',
    'warm',
    '2026-11-20T12:00Z',
    ['2026-11-20T16:00Z', '2026-11-23T12:00Z', '2026-11-23T16:00Z', '2026-11-24T12:00Z'],
  ],
  [
    'shares of plain time do not',
    'qualified',
    '2026-11-20T14:00Z',
    ['2026-11-20T16:00Z', '2026-11-20T18:00Z', '2026-11-20T20:00Z', '2026-11-20T22:00Z'],
  ],
  [
    'a lane that is not named takes the default',
    'customer',
    '2026-11-20T14:00Z',
    ['2026-11-20T14:30Z', '2026-11-20T15:00Z', '2026-11-20T15:30Z', '2026-11-20T16:00Z'],
  ],
])('%s', (_, lane, from, rungs) => {
  const clock = openClock(policy, lane, berlin, new Date(from));
  expect(clock.rungs.map(({ at }) => at)).toEqual(rungs.map((at) => new Date(at).toISOString()));
  expect(clock.rungs.map((rung) => rung.do)).toEqual(['remind', 'breach', 'escalate', 'end']);
  expect(clock.deadline).toBe(clock.rungs[1]?.at);
});

test('the next rung is the first one not climbed, and none after the end', () => {
  const clock = openClock(policy, 'hot', berlin, new Date('2026-11-20T14:00Z'));
  expect(nextRung(clock, 0)?.do).toBe('remind');
  expect(nextRung(clock, 3)?.do).toBe('end');
  expect(nextRung(clock, 4)).toBeUndefined();
});

test('a lane without a time is an error that names it', () => {
  const { default: _, ...by } = policy.by;
  expect(() => openClock({ ...policy, by }, 'customer', berlin, new Date(0))).toThrow(
    'gives no time for the lane "customer"',
  );
});

test.each([
  [
    'that passes a lead on without a bound',
    [
      { at: '100%', do: 'breach' },
      { at: '150%', do: 'reassign' },
      { at: '200%', do: 'end' },
    ],
  ],
  [
    'that takes a lead away before the breach',
    [
      { at: '90%', do: 'reassign', atMost: 1 },
      { at: '100%', do: 'breach' },
      { at: '200%', do: 'end' },
    ],
  ],
  [
    'with a bound that says nothing',
    [
      { at: '100%', do: 'breach', atMost: 1 },
      { at: '200%', do: 'end' },
    ],
  ],
  ['that never breaches', [{ at: '200%', do: 'end' }]],
  [
    'that breaches early',
    [
      { at: '90%', do: 'breach' },
      { at: '100%', do: 'end' },
    ],
  ],
  ['that does not end', LADDER.slice(0, 3)],
  ['that ends twice', [...LADDER, { at: '300%', do: 'end' }]],
  ['that goes down', [{ at: '150%', do: 'remind' }, ...LADDER.slice(1)]],
  ['without rungs', []],
  ['with unknown rungs', [{ at: '50%', do: 'shout' }, ...LADDER.slice(1)]],
  ['with shares that are no percentages', [{ at: '0.5', do: 'remind' }, ...LADDER.slice(1)]],
])('a ladder %s is refused', (_, ladder) => {
  expect(ClockPolicy.safeParse({ by: {}, ladder: LADDER }).success).toBe(true);
  expect(ClockPolicy.safeParse({ by: {}, ladder }).success).toBe(false);
});

test('an unknown lane and an unreadable time are refused', () => {
  expect(ClockPolicy.safeParse({ by: { tepid: 'PT4H' }, ladder: LADDER }).success).toBe(false);
  expect(ClockPolicy.safeParse({ by: { hot: '4 hrs' }, ladder: LADDER }).success).toBe(false);
});

test('law: rungs rise and none is before the start', () => {
  const start = Date.parse('2026-10-20');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 30 * 1440 }),
      fc.constantFrom('1 business minute', '90 business minutes', '2 business days', 'PT15M'),
      (minutes, duration) => {
        const from = new Date(start + minutes * 60_000);
        const clock = openClock({ ...policy, by: { hot: duration } }, 'hot', berlin, from);
        const instants = [from.toISOString(), ...clock.rungs.map(({ at }) => at)];
        expect(instants).toEqual(instants.toSorted());
        expect(new Set(instants).size).toBe(instants.length);
      },
    ),
  );
});
