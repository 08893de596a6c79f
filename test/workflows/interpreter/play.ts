import { RecordedCase } from '#workflows/interpreter/conformance/case.ts';
import { simulatedWorld } from '#workflows/interpreter/conformance/world.ts';
import type {
  Advance,
  Command,
  ExecutionIdentity,
  HistoryEvent,
  RunState,
} from '#workflows/interpreter/index.ts';
import { advanceRun, loadMachine, startRun } from '#workflows/interpreter/index.ts';

export const identity: ExecutionIdentity = {
  executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:Inbound:run-1',
  executionName: 'run-1',
  stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:Inbound',
  stateMachineName: 'Inbound',
  roleArn: 'arn:aws:iam::000000000000:role/Runner',
  startTime: '2030-01-01T00:00:00.000Z',
};

interface Setting {
  readonly input?: unknown;
  readonly tasks?: Readonly<Record<string, unknown>>;
  readonly callbacks?: readonly unknown[];
  readonly objects?: Readonly<Record<string, string>>;
  /** What the host does with a state before it hands it back. */
  readonly store?: (state: RunState) => RunState;
}

export interface Played {
  readonly state: RunState;
  readonly history: readonly HistoryEvent[];
  readonly commands: readonly Command[];
}

/** Runs a definition to its end, or to where it waits for ever, on a virtual clock. */
export async function play(definition: unknown, setting: Setting = {}): Promise<Played> {
  const { input = {}, tasks = {}, callbacks = [], objects = {}, store = (kept) => kept } = setting;
  const world = simulatedWorld(
    RecordedCase.parse({
      id: 'own',
      area: 'own',
      queryLanguage: 'mixed',
      machineType: 'STANDARD',
      definition,
      input,
      tasks,
      callbacks,
      objects,
      expect: { status: 'SUCCEEDED' },
    }),
  );
  const machine = loadMachine(definition);
  const history: HistoryEvent[] = [];
  const commands: Command[] = [];
  const follow = (advance: Advance) => {
    history.push(...advance.history);
    commands.push(...advance.commands);
    world.carryOut(advance.commands);
    return store(advance.state);
  };
  let state = follow(await startRun(machine, input, identity, world.environment()));
  for (let next = world.next(); next !== undefined; next = world.next()) {
    state = follow(await advanceRun(machine, state, next, world.environment()));
  }
  return { state, history, commands };
}

/** A machine of one Pass whose output is the template, in JSONata mode. */
export function jsonataPass(output: unknown): unknown {
  return {
    QueryLanguage: 'JSONata',
    StartAt: 'Only',
    States: { Only: { Type: 'Pass', Output: output, End: true } },
  };
}

/** A machine of one Pass with the given fields, in JSONPath mode. */
export function pathPass(fields: Readonly<Record<string, unknown>>): unknown {
  return { StartAt: 'Only', States: { Only: { Type: 'Pass', ...fields, End: true } } };
}
