import { errorOutput, type StateFailure } from './failure.ts';
import { evaluateTemplate } from './jsonata.ts';
import type { Catcher, ParallelNode, RecoverableNode, StateNode, TaskNode } from './machine.ts';
import type { Scope } from './scope.ts';

/** What a state hands on: its output and the variables it sets. */
export interface Outcome {
  readonly output: unknown;
  readonly assigned?: Readonly<Record<string, unknown>>;
}

/** Fields that shape an outcome in JSONata mode, wherever they stand. */
interface Shaping {
  readonly assign?: unknown;
  readonly output?: unknown;
}

/** What the state works on: `Arguments`, or its input where that is absent. */
export async function stateArguments(
  node: TaskNode | ParallelNode,
  scope: Scope,
): Promise<unknown> {
  return node.arguments === undefined
    ? scope.input
    : evaluateTemplate(node.arguments, 'Arguments', scope);
}

/** What follows from a result: `Output` and `Assign` may read it as `$states.result`. */
export async function resultOutcome(
  node: StateNode,
  result: unknown,
  scope: Scope,
): Promise<Outcome> {
  return shape(node, '', result, { ...scope, result });
}

/** What follows for a state without a result of its own. */
export async function inputOutcome(node: StateNode, scope: Scope): Promise<Outcome> {
  return shape(node, '', scope.input, scope);
}

/** What the Catch at `position` makes of a failure. */
export async function catchOutcome(
  _node: RecoverableNode,
  catcher: Catcher,
  position: number,
  failure: StateFailure,
  scope: Scope,
): Promise<Outcome> {
  const caught = errorOutput(failure);
  return shape(catcher, `Catch[${position}]/`, caught, { ...scope, errorOutput: caught });
}

/** Evaluates `Output` and `Assign`; both see the variables as they were before. */
export async function shape(
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
