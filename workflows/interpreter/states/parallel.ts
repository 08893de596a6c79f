import { abortFrame, childrenOf, removeChild, startChildren } from '../children.ts';
import { type Draft, record, visitOf } from '../draft.ts';
import { inherited, type StateFailure } from '../failure.ts';
import { resultOutcome, stateArguments, stateScope } from '../flow.ts';
import { assertPayload } from '../limits.ts';
import type { ParallelNode } from '../machine.ts';
import type { Frame } from '../run-state.ts';
import { exitState } from '../transition.ts';

/** Starts all branches with the same input. */
export async function executeParallel(
  draft: Draft,
  frame: Frame,
  node: ParallelNode,
): Promise<void> {
  const input = await stateArguments(node, stateScope(draft, frame, node));
  assertPayload(node.name, input);
  record(draft, frame, 'ParallelStateStarted');
  visitOf(frame).children = {
    inputs: node.branches.map(() => input),
    items: [],
    concurrency: 0,
    tolerated: 0,
    results: node.branches.map(() => null),
    started: 0,
    succeeded: 0,
    failures: [],
  };
  startChildren(draft, frame, { program: (index) => index });
}

/** A branch has come to its end; the last one ends the state. */
export async function branchSucceeded(
  draft: Draft,
  frame: Frame,
  node: ParallelNode,
  child: Frame,
  output: unknown,
): Promise<void> {
  const children = childrenOf(visitOf(frame));
  children.results[child.index] = output;
  children.succeeded += 1;
  removeChild(draft, frame, child);
  if (children.succeeded < children.inputs.length) return;
  const { results } = children;
  delete visitOf(frame).children;
  record(draft, frame, 'ParallelStateSucceeded', {}, { advance: false });
  const scope = stateScope(draft, frame, node);
  exitState(draft, frame, node, await resultOutcome(node, results, scope));
}

/** One failed branch fails the state; what the others do is cut short. */
export function branchFailed(
  draft: Draft,
  frame: Frame,
  child: Frame,
  failure: StateFailure,
): never {
  abortFrame(draft, child);
  frame.previousEventId = child.previousEventId;
  throw inherited(failure);
}
