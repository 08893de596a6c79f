import jsonata from 'jsonata';
import { STEP_RETRIES } from '#workflows/compiler/retries.ts';
import type { State, TaskState } from '#workflows/compiler/states-language.ts';
import { StepCall } from '#workflows/steps/call.ts';
import { inboundLead, sample } from './machines.ts';

const isTask = (state: State): state is TaskState => state.Type === 'Task';
const tasks = [inboundLead, sample].flatMap(({ States }) =>
  Object.entries(States).filter((entry): entry is [string, TaskState] => isTask(entry[1])),
);

const clock = { clockId: 'accept#0', secondsToNextRung: 60, outcome: 'wait' };
const handoff = { id: 'ho_p1_1', round: 0, owner: 'ada@example.com', lane: 'hot' };

/** What Step Functions offers to expressions. */
const states = {
  context: {
    Execution: { Name: 'run-1', Input: { person: 'p1', event: 'e1', workflow: 'inbound' } },
    State: { EnteredTime: '2026-01-05T09:00:00.000Z' },
    Task: { Token: 'token-1' },
  },
};

/** Works a template out as Step Functions does: what answers nothing is an error. */
async function evaluated(template: unknown, variables: object): Promise<unknown> {
  if (typeof template === 'string' && template.startsWith('{%')) {
    const value = await jsonata(template.slice(2, -2)).evaluate({}, { states, ...variables });
    if (value === undefined) throw new Error(`${template} answers nothing`);
    return structuredClone(value);
  }
  if (typeof template !== 'object' || template === null) return template;
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await evaluated(value, variables)] as const,
  );
  const made = Object.fromEntries(await Promise.all(entries));
  return Array.isArray(template) ? Object.values(made) : made;
}

test.each(tasks)('%s calls its Lambda with a StepCall', async (_name, task) => {
  const call = await evaluated(task.Arguments['Payload'], { clock, handoff });
  expect(StepCall.parse(call)).toMatchObject({ run: 'run-1', person: 'p1', handoff, score: null });
});

test('before anything is decided, a step is told so and not failed', async () => {
  const [, enrich] = tasks.find(([name]) => name === 'enrich') ?? [];
  const call = StepCall.parse(await evaluated(enrich?.Arguments['Payload'], {}));
  expect(call).toMatchObject({
    use: 'enrich',
    handoff: null,
    score: null,
    route: null,
    reason: null,
  });
});

test('the wait alone gets the token, with the signal it stands for', async () => {
  const told = await Promise.all(
    tasks.map(async ([name, task]) => {
      const call = StepCall.parse(await evaluated(task.Arguments['Payload'], { clock, handoff }));
      return { name, ...call };
    }),
  );
  const holders = told.filter(({ token }) => token !== undefined);
  expect(holders.map(({ name }) => name)).toEqual([
    'accept: wait',
    'work: wait',
    'close: wait',
    'accept: wait',
  ]);
  expect(holders[0]).toMatchObject({ token: 'token-1', awaits: 'handoff.accepted', clock });
});

test.each([
  [
    'with the reason that was given',
    { Error: 'Handoff.Rejected', Cause: 'no_budget' },
    'no_budget',
  ],
  ['with a reason of ours where none was given', { Error: 'Handoff.Rejected' }, 'rejected'],
])('a rejection goes on %s', async (_name, errorOutput, reason) => {
  const [, wait] = tasks.find(([name]) => name === 'accept: wait') ?? [];
  const caught = wait?.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('Handoff.Rejected'));
  const bound = { states: { ...states, errorOutput } };
  expect(await evaluated(caught?.Assign, bound)).toEqual({ reason });
  expect(caught?.Next).toBe('nurture');
});

test.each(tasks)(
  '%s ends in a failure that names it, or goes on without it',
  async (_name, task) => {
    const last = task.Catch?.at(-1);
    expect(last?.ErrorEquals).toEqual(['States.ALL']);
    if (last?.Next === 'failed') {
      const errorOutput = { Error: 'HubError.config', Cause: 'x'.repeat(5000) };
      const assigned = await evaluated(last.Assign, { states: { ...states, errorOutput } });
      expect(assigned).toMatchObject({
        failure: { error: 'HubError.config', cause: 'x'.repeat(1000) },
      });
    } else {
      expect(last?.Next).toBe(task.Next);
    }
  },
);

test('an error without a name or a cause still makes a failure', async () => {
  const [, score] = tasks.find(([name]) => name === 'score') ?? [];
  const assigned = await evaluated(score?.Catch?.at(-1)?.Assign, { states: { errorOutput: {} } });
  expect(assigned).toEqual({ failure: { step: 'score', error: 'States.TaskFailed', cause: '' } });
});

test('a vendor may be down for a day before a step fails', () => {
  const vendor = STEP_RETRIES.find(({ ErrorEquals }) => ErrorEquals.includes('HubError.retry'));
  if (vendor === undefined) throw new Error('nothing retries what connectors call retryable');
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts, JitterStrategy } = vendor;
  const longest = Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt),
  ).reduce((sum, seconds) => sum + seconds, 0);
  const expected = JitterStrategy === 'FULL' ? longest / 2 : longest;
  expect(expected / 3600).toBeGreaterThan(23);
  expect(longest / 3600).toBeLessThan(49);
});

test('only what connectors call retryable is retried for that long', () => {
  const retried = STEP_RETRIES.flatMap(({ ErrorEquals }) => ErrorEquals);
  expect(retried.filter((error) => error.startsWith('HubError.'))).toEqual(['HubError.retry']);
  expect(retried).not.toContain('States.ALL');
  expect(retried).not.toContain('States.TaskFailed');
});

test('a step that the run goes on without delays a lead by seconds', () => {
  const [, enrich] = tasks.find(([name]) => name === 'enrich') ?? [];
  expect(
    enrich?.Retry?.map(({ MaxAttempts, MaxDelaySeconds }) => MaxAttempts * MaxDelaySeconds),
  ).toEqual([10]);
});

test("a wait's time-out is its clock's next rung and is never retried as a failure", () => {
  const waits = tasks.filter(([name]) => name.endsWith(': wait'));
  for (const [, wait] of waits) {
    expect(wait.TimeoutSeconds).toBe('{% $clock.secondsToNextRung %}');
    expect(wait.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout');
  }
  expect(waits).toHaveLength(4);
});
