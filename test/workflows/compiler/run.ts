import type { StateMachineDefinition } from '#workflows/compiler/states-language.ts';
import {
  type Advance,
  advanceRun,
  type Command,
  loadMachine,
  type RunInput,
  type RunState,
  startRun,
} from '#workflows/interpreter/index.ts';
import { StepCall } from '#workflows/steps/call.ts';

/** What a step's Lambda does with a call; `undefined` on a wait: nobody ever answers. */
export type Answer = { output: unknown } | { error: string; cause?: string } | undefined;

export interface Ran {
  readonly state: RunState;
  /** `step` or `step/use` where a step makes several calls, in order, retries left out. */
  readonly path: readonly string[];
  readonly calls: readonly StepCall[];
}

const identity = {
  executionArn: 'arn:aws:states:eu-west-1:000000000000:execution:inbound:run-1',
  executionName: 'run-1',
  stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:inbound',
  stateMachineName: 'inbound',
  roleArn: 'arn:aws:iam::000000000000:role/Runner',
  startTime: '2030-01-01T00:00:00.000Z',
};

/** Runs a compiled workflow to its end on a virtual clock; every call is checked to be a StepCall. */
export async function run(
  definition: StateMachineDefinition,
  answer: (call: StepCall, nth: number) => Answer,
): Promise<Ran> {
  const machine = loadMachine(definition);
  const calls: StepCall[] = [];
  let now = Date.parse(identity.startTime);
  let pending: { at: number; input: Exclude<RunInput, { type: 'abort' }> }[] = [];
  const environment = () => ({
    now,
    random: () => 0.5,
    uuid: () => '00000000-0000-4000-8000-000000000000',
    token: () => `token-${calls.length}`,
  });

  const invoke = (command: Extract<Command, { type: 'invoke' }>) => {
    const { Payload } = command.arguments as { Payload: unknown };
    const call = StepCall.parse(Payload);
    const nth = calls.filter(({ step, use }) => step === call.step && use === call.use).length;
    calls.push(call);
    const answered = answer(call, nth);
    const input = inputOf(command, answered);
    if (input !== undefined) pending.push({ at: now + 1_000, input });
  };
  const carryOut = ({ state, commands }: Advance) => {
    for (const command of commands) {
      if (command.type === 'invoke') invoke(command);
      else if (command.type === 'timer') {
        pending.push({ at: command.at, input: { type: 'timer', id: command.id } });
      } else pending = pending.filter(({ input }) => input.id !== command.id);
    }
    return state;
  };

  const input = { person: 'p1', event: 'e1', workflow: 'inbound' };
  let state = carryOut(await startRun(machine, input, identity, environment()));
  while (state.status === 'RUNNING' && pending.length > 0) {
    pending.sort((one, other) => one.at - other.at);
    const [next] = pending.splice(0, 1);
    if (next === undefined) break;
    now = Math.max(now, next.at);
    state = carryOut(await advanceRun(machine, state, next.input, environment()));
  }
  return { state, path: pathOf(calls), calls };
}

function inputOf({ id, token }: { id: string; token?: string }, answer: Answer) {
  if (answer === undefined) return undefined;
  if ('error' in answer) return { type: 'task-failed' as const, id, ...answer };
  const output = token === undefined ? { Payload: answer.output, StatusCode: 200 } : answer.output;
  return { type: 'task-succeeded' as const, id, output };
}

function pathOf(calls: readonly StepCall[]): string[] {
  const names = calls.map(({ step, use, awaits }) =>
    awaits === undefined ? step : `${step}/${use}`,
  );
  return names.filter((name, index) => name !== names[index - 1]);
}
