import type { Draft } from './draft.ts';
import { errorOutput, type StateFailure } from './failure.ts';
import { pathArguments, pathInput, pathOutcome, pathResult, pathShape } from './flow-jsonpath.ts';
import { evaluateTemplate } from './jsonata.ts';
import { fillTemplate } from './jsonpath.ts';
import type {
  Catcher,
  ChoiceBranch,
  ChoiceNode,
  ParallelNode,
  PassNode,
  RecoverableNode,
  StateNode,
  TaskNode,
} from './machine.ts';
import type { Outcome } from './outcome.ts';
import type { Frame } from './run-state.ts';
import { type Scope, scopeOf } from './scope.ts';

/** Fields that shape an outcome in JSONata mode, wherever they stand. */
interface Shaping {
  readonly assign?: unknown;
  readonly output?: unknown;
}

/** What the fields of a state can reach; in JSONPath mode `InputPath` has narrowed the input. */
export function stateScope(draft: Draft, frame: Frame, node: StateNode): Scope {
  const scope = scopeOf(draft, frame);
  return node.language === 'JSONPath' ? { ...scope, input: pathInput(node, scope) } : scope;
}

/** What the state works on: `Arguments` or `Parameters`, or its input where they are absent. */
export async function stateArguments(
  node: TaskNode | ParallelNode,
  scope: Scope,
): Promise<unknown> {
  if (node.language === 'JSONPath') return pathArguments(node, scope);
  return node.arguments === undefined
    ? scope.input
    : evaluateTemplate(node.arguments, 'Arguments', scope);
}

/** `Credentials`, if the task is to be called as somebody else. */
export async function taskCredentials(node: TaskNode, scope: Scope): Promise<unknown> {
  if (node.language === 'JSONPath') return fillTemplate(node.credentials, scope);
  return evaluateTemplate(node.credentials, 'Credentials', scope);
}

/** What follows from a result: `Output` and `Assign` may read it as `$states.result`. */
export async function resultOutcome(
  node: RecoverableNode,
  result: unknown,
  scope: Scope,
): Promise<Outcome> {
  return node.language === 'JSONPath'
    ? pathResult(node, result, scope)
    : shape(node, '', result, { ...scope, result });
}

/** What follows for a state without a result of its own. */
export async function inputOutcome(node: StateNode, scope: Scope): Promise<Outcome> {
  return node.language === 'JSONPath'
    ? pathOutcome(node, scope)
    : shape(node, '', scope.input, scope);
}

/** What a Pass makes of its input: in JSONPath mode it has a result like any task. */
export async function passOutcome(node: PassNode, scope: Scope): Promise<Outcome> {
  if (node.language === 'JSONata') return inputOutcome(node, scope);
  const result = node.result === undefined ? pathArguments(node, scope) : node.result;
  return pathResult(node, result, scope);
}

/** What the Catch at `position` makes of a failure. */
export async function catchOutcome(
  node: RecoverableNode,
  catcher: Catcher,
  position: number,
  failure: StateFailure,
  scope: Scope,
): Promise<Outcome> {
  const caught = errorOutput(failure);
  return node.language === 'JSONPath'
    ? pathShape(catcher, caught, scope)
    : shape(catcher, `Catch[${position}]/`, caught, { ...scope, errorOutput: caught });
}

/** What the chosen branch of a Choice, or its default, makes of the input. */
export async function choiceOutcome(
  node: ChoiceNode,
  branch: ChoiceBranch | undefined,
  position: number,
  scope: Scope,
): Promise<Outcome> {
  if (node.language === 'JSONPath') {
    return pathOutcome(
      { ...node, assign: branch === undefined ? node.assign : branch.assign },
      scope,
    );
  }
  const prefix = branch === undefined ? '' : `Choices[${position}]/`;
  return shape(branch ?? node, prefix, scope.input, scope);
}

/** Evaluates `Output` and `Assign`; both see the variables as they were before. */
async function shape(
  fields: Shaping,
  prefix: string,
  fallback: unknown,
  scope: Scope,
): Promise<Outcome> {
  const output =
    fields.output === undefined
      ? fallback
      : await evaluateTemplate(fields.output, `${prefix}Output`, scope);
  if (fields.assign === undefined) return { output };
  const assigned = await evaluateTemplate(fields.assign, `${prefix}Assign`, scope);
  return { output, assigned: assigned as Record<string, unknown> };
}
