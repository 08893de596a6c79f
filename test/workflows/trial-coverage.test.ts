import type { Workflow } from '#workflows/language/workflow.ts';
import { mismatches } from '#workflows/trial/compare.ts';
import { branchesOf, coverageOf, stepsOf, takenBranches } from '#workflows/trial/coverage.ts';
import { spanMs, WorkflowTests } from '#workflows/trial/tests-file.ts';

const workflow: Workflow = {
  id: 'small',
  trigger: { on: ['lead.captured'] },
  oneRunPer: 'person',
  steps: [
    { id: 'enrich', use: 'enrich', onError: 'continue' },
    { id: 'gate', choose: [{ when: 'true', next: 'nurture' }] },
    {
      id: 'accept',
      await: 'handoff.accepted',
      clock: 'accept',
      onBreach: 'again',
      onReject: 'nurture',
    },
    { id: 'done', end: true },
    { id: 'again', use: 'reassign', next: 'accept', onExhausted: 'nurture' },
    { id: 'nurture', use: 'hand-back' },
  ],
};
const enter = (name: string) => ({ type: 'TaskStateEntered', details: { name } });
const fail = (error: string) => ({ type: 'TaskFailed', details: { error } });
const succeed = { type: 'TaskSucceeded', details: {} };
const says = (branches: readonly { step: string; way: string }[]) =>
  branches.map(({ step, way }) => `${step}: ${way}`);

test('every way on from a step that has several is a branch', () => {
  expect(says(branchesOf(workflow))).toEqual([
    'enrich: done',
    'enrich: failed, and gone on without',
    'gate: to nurture',
    'gate: otherwise',
    'accept: in time',
    'accept: too late',
    'accept: given back',
    'again: done',
    'again: onExhausted',
  ]);
});

test.each([
  [
    'a call that came off at last',
    [enter('enrich'), fail('HubError.retry'), succeed, enter('gate')],
    'enrich: done',
  ],
  [
    'a call that failed',
    [enter('enrich'), fail('HubError.config'), enter('gate')],
    'enrich: failed, and gone on without',
  ],
  ['a condition', [enter('gate'), enter('nurture')], 'gate: to nurture'],
  ['no condition', [enter('gate'), enter('accept')], 'gate: otherwise'],
  [
    'an answer',
    [enter('accept'), enter('accept: wait'), succeed, enter('done')],
    'accept: in time',
  ],
  [
    'a refusal',
    [enter('accept: wait'), fail('Handoff.Rejected'), enter('nurture')],
    'accept: given back',
  ],
  ['silence', [enter('accept: rung'), enter('accept: ladder'), enter('again')], 'accept: too late'],
  [
    'nobody left',
    [enter('again'), fail('Reassign.Exhausted'), enter('nurture')],
    'again: onExhausted',
  ],
])('%s takes its branch', (_, history, branch) => {
  expect(says(takenBranches(workflow, history))).toEqual([branch]);
});

test('a step that is waited in for long stands in the steps once, and one come back to again', () => {
  const names = ['accept', 'accept: wait', 'accept: rung', 'accept: ladder', 'again', 'accept'];
  expect(stepsOf(names.map(enter))).toEqual(['accept', 'again', 'accept']);
});

test('what no test took is named', () => {
  const taken = branchesOf(workflow).slice(1);
  expect(coverageOf(workflow, taken)).toEqual({
    workflow: 'small',
    all: 9,
    taken: 8,
    never: [{ step: 'enrich', way: 'done' }],
  });
});

test('only what a test names is compared', () => {
  expect(
    mismatches({ rating: 'hot', steps: ['a'] }, { rating: 'warm', steps: ['a'], lane: 'x' }),
  ).toEqual([{ what: 'rating', expected: 'hot', came: 'warm' }]);
});

test.each([
  ['+PT10M', 600_000],
  ['-P2D', -172_800_000],
  ['+P1DT2H', 93_600_000],
])('%s is %i milliseconds', (text, ms) => {
  expect(spanMs(text)).toBe(ms);
});

test.each(['PT10M', '+P', '+10M', '-PT5M', '+P1DT'])('"%s" is no time after the start', (at) => {
  // biome-ignore lint/suspicious/noThenProperty: that is how the file is written
  const file = { tests: [{ name: 'x', given: { person: {} }, when: [{ at }], then: {} }] };
  expect(WorkflowTests.safeParse(file).success).toBe(false);
});
