import { assignedAt } from '#workflows/language/dataflow.ts';
import type { Step } from '#workflows/language/workflow.ts';

const workflow = (steps: Step[]) => ({
  id: 'w',
  trigger: { on: ['lead.captured' as const] },
  oneRunPer: 'person' as const,
  steps,
});

const score: Step = { id: 'score', use: 'score' };
const end: Step = { id: 'end', end: true };
const choose = (next: string): Step => ({ id: 'gate', choose: [{ when: 'true', next }] });
const wait: Step = {
  id: 'accept',
  await: 'handoff.accepted',
  clock: 'accept',
  onBreach: 'again',
  onReject: 'end',
};
const again: Step = { id: 'again', use: 'reassign', next: 'accept', onExhausted: 'end' };

test.each<[string, Step[], string, string[]]>([
  ['at the start nothing is set', [score, end], 'score', []],
  ['an answer is set behind its step', [score, end], 'end', ['score']],
  [
    'what only one of two ways sets is not set where they meet',
    [choose('match'), score, { id: 'match', use: 'match-account' }, end],
    'end',
    ['account'],
  ],
  [
    'two ways that set different things set nothing where they meet',
    [choose('score'), { id: 'brief', use: 'brief', next: 'end' }, score, end],
    'end',
    [],
  ],
  [
    'what both ways set is set where they meet',
    [score, choose('end'), { id: 'match', use: 'match-account' }, end],
    'end',
    ['score'],
  ],
  [
    'a step that is gone on without sets nothing',
    [{ id: 'enrich', use: 'enrich', onError: 'continue' }, end],
    'end',
    [],
  ],
  ['a breach leaves the clock and the reason', [wait, again, end], 'again', ['clock', 'reason']],
  ['what only a later round sets is not set in the first', [wait, again, end], 'accept', []],
  [
    'an operation sets what it says',
    [{ id: 'post', use: 'slack.message.post', as: 'message' }, end],
    'end',
    ['message'],
  ],
  [
    'an operation that says nothing sets nothing',
    [{ id: 'post', use: 'slack.message.post' }, end],
    'end',
    [],
  ],
])('%s', (_name, steps, at, names) => {
  expect([...(assignedAt(workflow(steps)).get(at) ?? [])].sort()).toEqual(names);
});

test('a step that no run reaches is not in the answer', () => {
  const steps: Step[] = [end, score];
  expect([...assignedAt(workflow(steps)).keys()]).toEqual(['end']);
});
