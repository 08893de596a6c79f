import type { Environment, ExecutionIdentity } from '#workflows/interpreter/index.ts';
import { advanceRun, loadMachine, startRun } from '#workflows/interpreter/index.ts';

const identity: ExecutionIdentity = {
  executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:Inbound:run-1',
  executionName: 'run-1',
  stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:Inbound',
  stateMachineName: 'Inbound',
  roleArn: 'arn:aws:iam::000000000000:role/Runner',
  startTime: '2026-01-01T00:00:00.000Z',
};
const at = (now: number): Environment => ({
  now,
  random: () => 0.5,
  uuid: () => '00000000-0000-4000-8000-000000000000',
  token: () => 'token-1',
});

const inbound = loadMachine({
  QueryLanguage: 'JSONata',
  StartAt: 'Score',
  States: {
    Score: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'score', Payload: '{% $states.input %}' },
      Retry: [{ ErrorEquals: ['HubError.retry'], IntervalSeconds: 2, MaxAttempts: 1 }],
      Catch: [
        {
          ErrorEquals: ['States.ALL'],
          Assign: { why: '{% $states.errorOutput.Error %}' },
          Next: 'Rest',
        },
      ],
      Assign: { score: '{% $states.result.Payload %}' },
      Output: '{% $states.input %}',
      Next: 'Gate',
    },
    Gate: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $score.points > 10 %}', Next: 'Accept' }],
      Default: 'Rest',
    },
    Accept: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      TimeoutSeconds: 60,
      Arguments: { FunctionName: 'await', Payload: { token: '{% $states.context.Task.Token %}' } },
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Rest' }],
      End: true,
    },
    Rest: { Type: 'Wait', Seconds: 5, End: true },
  },
});

test('a run calls its task, chooses, waits for a token and succeeds', async () => {
  const started = await startRun(inbound, { lead: 1 }, identity, at(0));
  expect(started.commands).toEqual([
    {
      type: 'invoke',
      id: 'task-1',
      state: 'Score',
      resource: 'arn:aws:states:::lambda:invoke',
      arguments: { FunctionName: 'score', Payload: { lead: 1 } },
    },
  ]);
  const scored = await advanceRun(
    inbound,
    started.state,
    { type: 'task-succeeded', id: 'task-1', output: { Payload: { points: 11 } } },
    at(1_000),
  );
  expect(scored.commands).toEqual([
    {
      type: 'invoke',
      id: 'task-2',
      state: 'Accept',
      resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      arguments: { FunctionName: 'await', Payload: { token: 'token-1' } },
      token: 'token-1',
    },
    { type: 'timer', id: 'timer-3', at: 61_000 },
  ]);
  const submitted = await advanceRun(
    inbound,
    scored.state,
    { type: 'task-submitted', id: 'task-2', output: {} },
    at(1_500),
  );
  const done = await advanceRun(
    inbound,
    submitted.state,
    { type: 'task-succeeded', id: 'task-2', output: 'accepted' },
    at(2_000),
  );
  expect(done.commands).toEqual([{ type: 'cancel', id: 'timer-3' }]);
  expect(done.state).toMatchObject({ status: 'SUCCEEDED', output: 'accepted', open: {} });
});

test('a failure the definition retries waits, then goes to Catch when it comes again', async () => {
  const failure = { type: 'task-failed', error: 'HubError.retry', cause: 'busy' } as const;
  const started = await startRun(inbound, {}, identity, at(0));
  const failed = await advanceRun(inbound, started.state, { ...failure, id: 'task-1' }, at(100));
  expect(failed.commands).toEqual([{ type: 'timer', id: 'timer-2', at: 2_100 }]);
  const again = await advanceRun(
    inbound,
    failed.state,
    { type: 'timer', id: 'timer-2' },
    at(2_100),
  );
  const caught = await advanceRun(inbound, again.state, { ...failure, id: 'task-3' }, at(2_200));
  expect(caught.history.map(({ type }) => type)).toEqual([
    'TaskFailed',
    'TaskStateExited',
    'WaitStateEntered',
  ]);
  expect(caught.commands).toEqual([{ type: 'timer', id: 'timer-4', at: 7_200 }]);
});

test('a token nobody answers for times out and withdraws the call', async () => {
  const started = await startRun(inbound, {}, identity, at(0));
  const scored = await advanceRun(
    inbound,
    started.state,
    { type: 'task-succeeded', id: 'task-1', output: { Payload: { points: 11 } } },
    at(0),
  );
  const late = await advanceRun(
    inbound,
    scored.state,
    { type: 'timer', id: 'timer-3' },
    at(60_000),
  );
  expect(late.commands).toEqual([
    { type: 'cancel', id: 'task-2' },
    { type: 'timer', id: 'timer-4', at: 65_000 },
  ]);
});

test('an answer to something that is no longer open changes nothing', async () => {
  const { state } = await startRun(inbound, {}, identity, at(0));
  const ignored = await advanceRun(inbound, state, { type: 'timer', id: 'task-1' }, at(1));
  expect(ignored).toEqual({ state, commands: [], history: [] });
  expect(ignored.state).toBe(state);
});

test.each([['__proto__'], ['constructor'], ['toString'], ['']])(
  'an id such as %j is nobody',
  async (id) => {
    const { state } = await startRun(inbound, {}, identity, at(0));
    const ignored = await advanceRun(inbound, state, { type: 'timer', id }, at(1));
    expect(ignored).toEqual({ state, commands: [], history: [] });
  },
);
