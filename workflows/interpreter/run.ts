import { parentOf } from './children.ts';
import {
  cancelCommand,
  closeDraft,
  type Draft,
  frameOf,
  nodeOf,
  openDraft,
  openTimer,
  present,
  ROOT_FRAME,
  record,
  type Step,
} from './draft.ts';
import { StateFailure } from './failure.ts';
import { type Machine, programAt } from './machine.ts';
import { failState } from './recover.ts';
import type {
  Advance,
  Environment,
  ExecutionIdentity,
  Frame,
  OpenCommand,
  RunInput,
  RunState,
  RunStatus,
} from './run-state.ts';
import { executeChoice } from './states/choice.ts';
import { executeFail, executePass, executeSucceed } from './states/ending.ts';
import { executeMap, iterationFailed, iterationSucceeded } from './states/map.ts';
import { branchFailed, branchSucceeded, executeParallel } from './states/parallel.ts';
import { checkHeartbeat, executeTask, receiveTask, timeOutTask } from './states/task.ts';
import { endWait, executeWait } from './states/wait.ts';

/** The service's quota for a run's history; it also ends loops that never wait. */
const MOST_EVENTS = 24_999;
/** A loop inside a distributed Map leaves no events: it is cut by the steps of one advance. */
const MOST_STEPS = 250_000;
const TOO_LONG = {
  error: 'States.Runtime',
  cause: 'The execution reached the maximum number of history events (25000).',
};

/** Starts a run and takes it as far as it goes without the outside world. */
export async function startRun(
  machine: Machine,
  input: unknown,
  identity: ExecutionIdentity,
  env: Environment,
): Promise<Advance> {
  const draft = openDraft(machine, freshRun(input, identity), env);
  const root = frameOf(draft, ROOT_FRAME);
  record(draft, root, 'ExecutionStarted', { input, roleArn: identity.roleArn }, { advance: false });
  if (machine.timeoutSeconds !== undefined) {
    openTimer(draft, ROOT_FRAME, 'run-timeout', env.now + machine.timeoutSeconds * 1_000);
  }
  draft.steps.push({ kind: 'enter', frame: ROOT_FRAME, state: machine.startAt, input });
  await drain(draft);
  return closeDraft(draft);
}

/**
 * Takes in one thing that happened. What nobody waits for (any more) changes nothing: answers come
 * twice, late and out of order.
 */
export async function advanceRun(
  machine: Machine,
  state: RunState,
  input: RunInput,
  env: Environment,
): Promise<Advance> {
  if (state.status !== 'RUNNING') return { state, commands: [], history: [] };
  if (input.type === 'abort') {
    const draft = openDraft(machine, state, env);
    endRun(draft, 'ABORTED', 'ExecutionAborted', { error: input.error, cause: input.cause });
    return closeDraft(draft);
  }
  const open = Object.hasOwn(state.open, input.id) ? state.open[input.id] : undefined;
  if (open === undefined || (open.purpose === 'task') === (input.type === 'timer')) {
    return { state, commands: [], history: [] };
  }
  const draft = openDraft(machine, state, env);
  await guarded(draft, open.frame, () =>
    input.type === 'timer'
      ? ring(draft, input.id, open)
      : receiveTask(draft, frameOf(draft, open.frame), input),
  );
  await drain(draft);
  return closeDraft(draft);
}

function freshRun(input: unknown, identity: ExecutionIdentity): RunState {
  const root: Frame = {
    id: ROOT_FRAME,
    program: [],
    index: 0,
    previousEventId: 0,
    variables: {},
  };
  return {
    status: 'RUNNING',
    input,
    identity,
    lastEventId: 0,
    lastId: 0,
    frames: { [ROOT_FRAME]: root },
    open: {},
  };
}

async function ring(draft: Draft, id: string, open: OpenCommand): Promise<void> {
  delete draft.run.open[id];
  const frame = frameOf(draft, open.frame);
  switch (open.purpose) {
    case 'task-timeout':
      timeOutTask(draft, frame);
      return;
    case 'heartbeat':
      checkHeartbeat(draft, frame);
      return;
    case 'wait':
      await endWait(draft, frame);
      return;
    case 'retry':
      draft.steps.push({ kind: 'execute', frame: frame.id });
      return;
    case 'run-timeout':
      endRun(draft, 'TIMED_OUT', 'ExecutionTimedOut', { error: 'States.Timeout' });
      return;
    case 'task':
      return;
    default:
      open.purpose satisfies never;
  }
}

async function drain(draft: Draft): Promise<void> {
  for (let taken = 0; draft.run.status === 'RUNNING'; taken += 1) {
    const step = draft.steps.shift();
    if (step === undefined) return;
    if (draft.run.lastEventId >= MOST_EVENTS || taken >= MOST_STEPS) {
      endRun(draft, 'FAILED', 'ExecutionFailed', TOO_LONG);
    } else if (draft.run.frames[step.frame] !== undefined) {
      // A branch that was aborted meanwhile has nothing left to do.
      await guarded(draft, concerned(draft, step), () => perform(draft, step));
    }
  }
}

/** The frame whose state an error in this step belongs to: a child's report is its parent's. */
function concerned(draft: Draft, step: Step): string {
  const isReport = step.kind === 'frame-succeeded' || step.kind === 'frame-failed';
  return (isReport ? frameOf(draft, step.frame).parent : undefined) ?? step.frame;
}

async function guarded(draft: Draft, frame: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    await failState(draft, frameOf(draft, frame), error);
  }
}

async function perform(draft: Draft, step: Step): Promise<void> {
  const frame = frameOf(draft, step.frame);
  switch (step.kind) {
    case 'enter':
      enter(draft, frame, step.state, step.input);
      return execute(draft, frame);
    case 'execute':
      return execute(draft, frame);
    case 'frame-succeeded':
      return frame.parent === undefined
        ? endRun(draft, 'SUCCEEDED', 'ExecutionSucceeded', { output: step.output })
        : childSucceeded(draft, frame, step.output);
    case 'frame-failed': {
      if (frame.parent !== undefined) return childFailed(draft, frame, step.failure);
      const { errorName: error, causeText: cause } = step.failure;
      return endRun(draft, 'FAILED', 'ExecutionFailed', { error, cause });
    }
    default:
      step satisfies never;
  }
}

async function childSucceeded(draft: Draft, child: Frame, output: unknown): Promise<void> {
  const parent = parentOf(draft, child);
  const node = nodeOf(draft, parent);
  if (node.type === 'Map') await iterationSucceeded(draft, parent, node, child, output);
  if (node.type === 'Parallel') await branchSucceeded(draft, parent, node, child, output);
}

async function childFailed(draft: Draft, child: Frame, failure: StateFailure): Promise<void> {
  const parent = parentOf(draft, child);
  if (failure.errorName === 'States.Runtime' && child.isolated !== true) {
    // Nobody can answer for it: the run ends here and now.
    parent.previousEventId = child.previousEventId;
    draft.steps.unshift({ kind: 'frame-failed', frame: parent.id, failure });
    return;
  }
  const node = nodeOf(draft, parent);
  if (node.type === 'Map') await iterationFailed(draft, parent, node, child, failure);
  if (node.type === 'Parallel') branchFailed(draft, parent, child, failure);
}

function enter(draft: Draft, frame: Frame, state: string, input: unknown): void {
  const node = programAt(draft.machine, frame.program).states[state];
  if (node === undefined) throw new RangeError(`The definition has no state ${state}`);
  const beforeEventId = frame.previousEventId;
  const enteredEventId = record(draft, frame, `${node.type}StateEntered`, { name: state, input });
  frame.visit = {
    state,
    input,
    enteredAt: draft.env.now,
    enteredEventId,
    beforeEventId,
    retryCount: 0,
    attempts: [],
  };
}

async function execute(draft: Draft, frame: Frame): Promise<void> {
  const node = nodeOf(draft, frame);
  switch (node.type) {
    case 'Pass':
      return executePass(draft, frame, node);
    case 'Succeed':
      return executeSucceed(draft, frame, node);
    case 'Fail':
      return executeFail(draft, frame, node);
    case 'Wait':
      return executeWait(draft, frame, node);
    case 'Choice':
      return executeChoice(draft, frame, node);
    case 'Task':
      return executeTask(draft, frame, node);
    case 'Parallel':
      return executeParallel(draft, frame, node);
    case 'Map':
      return executeMap(draft, frame, node);
    default:
      node satisfies never;
  }
}

/** Closes the run: the last event, its result, and everything still asked of the host withdrawn. */
function endRun(
  draft: Draft,
  status: RunStatus,
  event: string,
  details: { output?: unknown; error?: string | undefined; cause?: string | undefined },
): void {
  record(draft, frameOf(draft, ROOT_FRAME), event, details);
  for (const id of Object.keys(draft.run.open)) cancelCommand(draft, id);
  Object.assign(draft.run, present({ status, ...details }));
  draft.run.frames = {};
}
