import type { Draft } from '../draft.ts';
import { runtimeFailure, StateFailure } from '../failure.ts';
import { inputOutcome, passOutcome, stateScope } from '../flow.ts';
import { evaluateTyped } from '../jsonata.ts';
import { evaluateText } from '../jsonpath.ts';
import type { FailNode, PassNode, SucceedNode } from '../machine.ts';
import type { Frame } from '../run-state.ts';
import type { Scope } from '../scope.ts';
import { exitState } from '../transition.ts';

/** Does nothing but shape its output. */
export async function executePass(draft: Draft, frame: Frame, node: PassNode): Promise<void> {
  const scope = stateScope(draft, frame, node);
  exitState(draft, frame, node, await passOutcome(node, scope));
}

/** Ends the sequence well. */
export async function executeSucceed(draft: Draft, frame: Frame, node: SucceedNode): Promise<void> {
  const scope = stateScope(draft, frame, node);
  exitState(draft, frame, node, await inputOutcome(node, scope));
}

/** Ends the sequence with an error of the author's choosing. */
export async function executeFail(draft: Draft, frame: Frame, node: FailNode): Promise<never> {
  const scope = stateScope(draft, frame, node);
  const error = await textOf('Error', node.error, node.errorPath, node, scope);
  const cause = await textOf('Cause', node.cause, node.causePath, node, scope);
  throw new StateFailure(error, cause);
}

async function textOf(
  field: 'Error' | 'Cause',
  text: string | undefined,
  path: string | undefined,
  node: FailNode,
  scope: Scope,
): Promise<string | undefined> {
  if (path !== undefined) return textAtPath(`${field}Path`, path, scope);
  if (text === undefined || node.language === 'JSONPath') return text;
  return String(await evaluateTyped(text, field, 'string', scope));
}

function textAtPath(field: string, path: string, scope: Scope): string {
  const value = evaluateText(path, field, scope);
  if (typeof value === 'string') return value;
  throw runtimeFailure(scope.visit, `The ${field} field '${path}' must refer to a string`);
}
