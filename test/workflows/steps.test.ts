import * as z from 'zod';
import { VERBS } from '#core/operations.ts';
import { StepCall } from '#workflows/steps/call.ts';
import { ClockState, LONGEST_TIMEOUT_SECONDS } from '#workflows/steps/clock.ts';
import { AUTHORED_STEPS, stepKind, steps } from '#workflows/steps/index.ts';
import { FILLED_IN } from '#workflows/steps/operation.ts';
import type { StepKind } from '#workflows/steps/step.ts';

const kinds = Object.entries<StepKind>(steps);
const every = Object.values<StepKind>(steps);

test('the kinds that a playbook may name are these', () => {
  expect(AUTHORED_STEPS.map(({ kind }) => kind)).toEqual([
    'enrich',
    'match-account',
    'score',
    'agree',
    'route',
    'brief',
    'hand-off',
    'reassign',
    'hand-back',
    'decline',
  ]);
});

test.each(kinds)(
  '%s is registered under its own name, with a sentence for the catalogue',
  (name, kind) => {
    expect(kind.kind).toBe(name);
    expect(kind.summary).toMatch(/^[A-Z].*\.$/);
    expect(kind.summary.length).toBeLessThanOrEqual(100);
  },
);

test.each(kinds)(
  '%s refers only to fields that it has, and needs only what a step sets',
  (_name, kind) => {
    const fields = Object.keys(kind.fields.shape);
    const results = every.map(({ result }) => result);
    expect(fields).toEqual(expect.arrayContaining(Object.keys(kind.refers ?? {})));
    expect(results).toEqual(expect.arrayContaining([...(kind.needs ?? [])]));
  },
);

test.each(kinds)(
  'an outcome of %s has a name that the state machine can catch, and a field',
  (_name, kind) => {
    for (const [error, field] of Object.entries(kind.outcomes ?? {})) {
      expect(error).toMatch(/^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/);
      expect(field).toMatch(/^on[A-Z]/);
      expect(Object.keys(kind.fields.shape)).not.toContain(field);
    }
  },
);

test('two kinds that set one variable answer alike', () => {
  const shape = (kind: StepKind) => z.toJSONSchema(kind.output, { unrepresentable: 'any' });
  for (const kind of every) {
    const namesakes = every.filter(({ result }) => result === kind.result);
    for (const namesake of namesakes) expect(shape(namesake)).toEqual(shape(kind));
  }
});

test.each([
  ['a kind', 'score', 'score'],
  ['an operation', 'salesforce.task.create', 'operation'],
  ['a kind of the compiler alone', 'climb', undefined],
  ['the registry name of operations', 'operation', undefined],
  ['nothing that is known', 'toString', undefined],
])('%s is found as what it is', (_name, use, kind) => {
  expect(stepKind(use)?.kind).toBe(kind);
});

test('only kinds that touch nothing but records decide', () => {
  const deciding = every.filter(({ lambda }) => lambda === 'decide').map(({ kind }) => kind);
  expect(deciding).toEqual(['match-account', 'score', 'agree', 'route', 'brief', 'open-clock']);
});

test('what a step fills in is asked for by some verb', () => {
  const inputs = Object.values(VERBS).flatMap(({ input }) => Object.keys(input.shape));
  for (const field of FILLED_IN) expect(inputs).toContain(field);
});

const call = {
  use: 'score',
  step: 'score',
  workflow: 'inbound-lead',
  run: 'inbound-lead-1',
  person: 'p1',
  event: 'e1',
  entered: '2026-01-05T09:00:00Z',
  with: { model: 'default' },
  handoff: null,
  score: null,
  route: null,
  reason: null,
};

test('a call carries ids and decisions, and nothing unforeseen', () => {
  expect(StepCall.parse(call)).toMatchObject({ entered: '2026-01-05T09:00:00.000Z' });
  expect(StepCall.safeParse({ ...call, facts: { email: 'ada@example.com' } }).success).toBe(false);
});

test.each([0, 0.5, -1, LONGEST_TIMEOUT_SECONDS + 1])(
  'no state can time out after %d seconds',
  (seconds) => {
    const state = { clockId: 'accept#0', secondsToNextRung: seconds, outcome: 'wait' };
    expect(ClockState.safeParse(state).success).toBe(false);
    expect(ClockState.safeParse({ ...state, secondsToNextRung: 1 }).success).toBe(true);
  },
);
