import { abortChildren } from './children.ts';
import { cancelOpen, type Draft, nodeOf, record, visitOf } from './draft.ts';
import { matchesError, StateFailure } from './failure.ts';
import { catchOutcome, stateScope } from './flow.ts';
import type { RecoverableNode, StateNode } from './machine.ts';
import { retryLater } from './retry.ts';
import type { Frame } from './run-state.ts';
import { exitState } from './transition.ts';

/** A state failed: it is tried again, its Catch takes over, or its sequence fails with it. */
export async function failState(draft: Draft, frame: Frame, failure: StateFailure): Promise<void> {
  const visit = visitOf(frame);
  const node = nodeOf(draft, frame);
  recordEvaluation(draft, frame, failure);
  cancelOpen(draft, frame.id);
  abortChildren(draft, frame);
  delete visit.children;
  if (isRecoverable(node)) {
    if (retryLater(draft, frame, visit, node, failure)) return;
    if (node.type !== 'Task' && failure.errorName !== 'States.Runtime') {
      record(draft, frame, `${node.type}StateFailed`);
    }
    if (await caught(draft, frame, node, failure)) return;
  }
  draft.steps.push({ kind: 'frame-failed', frame: frame.id, failure });
}

async function caught(
  draft: Draft,
  frame: Frame,
  node: RecoverableNode,
  failure: StateFailure,
): Promise<boolean> {
  const position = node.catchers.findIndex((catcher) => matchesError(catcher.errors, failure));
  const catcher = node.catchers[position];
  if (catcher === undefined) return false;
  try {
    const scope = stateScope(draft, frame, node);
    const outcome = await catchOutcome(node, catcher, position, failure, scope);
    exitState(draft, frame, node, outcome, catcher.next);
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    // A Catch that fails itself is caught by nobody at this level.
    recordEvaluation(draft, frame, error);
    draft.steps.push({ kind: 'frame-failed', frame: frame.id, failure: error });
  }
  return true;
}

/**
 * JSONata mishaps have an event of their own. The service hangs it on what came before the state
 * was entered as long as nothing else has happened in it.
 */
function recordEvaluation(draft: Draft, frame: Frame, failure: StateFailure): void {
  if (failure.location === undefined) return;
  const visit = visitOf(frame);
  const isFirst = frame.previousEventId === visit.enteredEventId && !failure.afterEntering;
  record(
    draft,
    frame,
    'EvaluationFailed',
    {
      error: failure.errorName,
      cause: failure.causeText,
      location: failure.location,
      state: visit.state,
    },
    isFirst ? { previousEventId: visit.beforeEventId } : {},
  );
}

function isRecoverable(node: StateNode): node is RecoverableNode {
  return node.type === 'Task' || node.type === 'Map' || node.type === 'Parallel';
}
