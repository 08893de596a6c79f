import { type Draft, visitOf } from '../draft.ts';
import { StateFailure } from '../failure.ts';
import { inputOutcome } from '../flow.ts';
import { evaluateTyped } from '../jsonata.ts';
import type { FailNode, PassNode, SucceedNode } from '../machine.ts';
import type { Frame } from '../run-state.ts';
import { type Scope, scopeOf } from '../scope.ts';
import { exitState } from '../transition.ts';

/** Pass and Succeed do nothing but shape their output. */
export async function executePass(
  draft: Draft,
  frame: Frame,
  node: PassNode | SucceedNode,
): Promise<void> {
  exitState(draft, frame, node, await inputOutcome(node, scopeOf(draft, frame)));
}

/** Ends the sequence with an error of the author's choosing. */
export async function executeFail(draft: Draft, frame: Frame, node: FailNode): Promise<never> {
  const scope = scopeOf(draft, frame);
  const error = await textOf(node.error, 'Error', scope);
  const cause = await textOf(node.cause, 'Cause', scope);
  visitOf(frame);
  throw new StateFailure(error, cause);
}

async function textOf(
  template: string | undefined,
  field: string,
  scope: Scope,
): Promise<string | undefined> {
  if (template === undefined) return undefined;
  return String(await evaluateTyped(template, field, 'string', scope));
}
