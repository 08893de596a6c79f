import fc from 'fast-check';
import { advanceRun, loadMachine, type RunInput, startRun } from '#workflows/interpreter/index.ts';
import { identity, play } from './play.ts';

const COUNTER = 'counter';

/** Sequences of states that branch, wait, call, fail and recover in any mixture. */
const { program } = fc.letrec<{ program: object; state: object }>((tie) => ({
  state: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(
      { Type: 'Pass', Output: '{% {"was": $states.input} %}' },
      { Type: 'Pass', Assign: { [COUNTER]: `{% $exists($${COUNTER}) ? $${COUNTER} + 1 : 1 %}` } },
      { Type: 'Wait', Seconds: 3 },
      { Type: 'Wait', Seconds: '{% $random() > 0.5 ? 1 : 0 %}' },
      task('good'),
      task('slow', { TimeoutSeconds: 4 }),
      task('bad', { Retry: [{ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' }] }),
      task('slow', { TimeoutSeconds: 4, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'End' }] }),
      task('bad', { Catch: [{ ErrorEquals: ['Broken'], Assign: { why: 1 }, Next: 'End' }] }),
    ),
    fc
      .array(tie('program'), { minLength: 1, maxLength: 3 })
      .map((Branches) => ({ Type: 'Parallel', Branches })),
    fc.tuple(tie('program'), fc.nat(2)).map(([ItemProcessor, MaxConcurrency]) => ({
      Type: 'Map',
      Items: [1, 2, 3],
      MaxConcurrency,
      ItemProcessor,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'End' }],
    })),
  ),
  program: fc.array(tie('state'), { minLength: 1, maxLength: 3 }).map(chain),
}));

function task(name: string, more: object = {}): object {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: name, Payload: '{% $states.context.State.Name %}' },
    ...more,
  };
}

function chain(states: readonly object[]): object {
  const named = states.map((state, position) => [
    `S${position}`,
    { ...state, Next: position + 1 < states.length ? `S${position + 1}` : 'End' },
  ]);
  return { StartAt: 'S0', States: { ...Object.fromEntries(named), End: { Type: 'Succeed' } } };
}

const tasks = {
  good: { kind: 'echo', delaySeconds: 1 },
  slow: { kind: 'echo', delaySeconds: 5 },
  bad: { kind: 'fail', error: 'Broken', cause: 'always' },
};
const machineOf = (states: object) => ({ QueryLanguage: 'JSONata', ...scoped(states, 0) });

/** Gives each level of nesting a counter of its own: an inner scope may not take an outer name. */
function scoped<T>(value: T, depth: number): T {
  if (typeof value === 'string') return value.replaceAll(COUNTER, `n${depth}`) as T;
  if (Array.isArray(value)) return value.map((item) => scoped(item, depth)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const inner = 'States' in value ? depth + 1 : depth;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [scoped(key, inner), scoped(item, inner)]),
  ) as T;
}

test('a state that was stored as text between any two inputs goes on to the same history', async () => {
  await fc.assert(
    fc.asyncProperty(program, async (states) => {
      const kept = await play(machineOf(states), { tasks });
      const stored = await play(machineOf(states), {
        tasks,
        store: (state) => JSON.parse(JSON.stringify(state)),
      });
      expect(stored.history).toEqual(kept.history);
      expect(stored.commands).toEqual(kept.commands);
      expect(kept.state).toEqual(JSON.parse(JSON.stringify(kept.state)));
    }),
    { numRuns: 60 },
  );
});

test('every run ends, numbers its events in a row, and leaves nothing open', async () => {
  await fc.assert(
    fc.asyncProperty(program, async (states) => {
      const { state, history, commands } = await play(machineOf(states), { tasks });
      expect(['SUCCEEDED', 'FAILED']).toContain(state.status);
      expect(state.open).toEqual({});
      expect(history.map(({ id }) => id)).toEqual(history.map((_, position) => position + 1));
      expect(history.every(({ id, previousEventId }) => previousEventId < id)).toBe(true);
      const opened = commands.filter(({ type }) => type !== 'cancel').map(({ id }) => id);
      expect(new Set(opened).size).toBe(opened.length);
    }),
    { numRuns: 60 },
  );
});

const env = {
  now: 0,
  random: () => 0.5,
  uuid: () => '00000000-0000-4000-8000-000000000000',
  token: () => 'token',
};
const kind = fc.constantFrom(
  'task-succeeded',
  'task-failed',
  'task-submitted',
  'heartbeat',
  'timer',
);

test('whatever concerns nothing that is open changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(program, kind, fc.string(), async (states, type, id) => {
      const machine = loadMachine(machineOf(states));
      const { state } = await startRun(machine, {}, identity, env);
      fc.pre(!Object.hasOwn(state.open, id));
      const input = { type, id, output: 1, error: 'E', cause: 'c' } as unknown as RunInput;
      const before = structuredClone(state);
      const after = await advanceRun(machine, state, input, env);
      expect(after).toEqual({ state: before, commands: [], history: [] });
      expect(after.state).toBe(state);
    }),
    { numRuns: 100 },
  );
});

test('an advance leaves the state it was given as it was', async () => {
  await fc.assert(
    fc.asyncProperty(program, async (states) => {
      await play(machineOf(states), {
        tasks,
        store: (state) => deepFreeze(structuredClone(state)),
      });
    }),
    { numRuns: 30 },
  );
});

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
