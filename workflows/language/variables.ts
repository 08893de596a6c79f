import * as z from 'zod';
import type { Connector } from '#connectors/kit/connector.ts';
import { ClockState } from '#workflows/steps/clock.ts';
import { stepKind } from '#workflows/steps/index.ts';
import { Signal } from '#workflows/steps/signal.ts';
import type { Edge } from './flow.ts';
import type { Step, UseStep, Workflow } from './workflow.ts';

/** The variable that takes a step's answer; an operation's is kept where the step says `as`. */
export function resultVariable(step: UseStep): string | undefined {
  const kind = stepKind(step.use);
  return kind?.kind === 'operation' ? step.as : kind?.result;
}

/** What a wait leaves behind, whichever way it ends; `$signal` only when it ended well. */
export const WAIT_VARIABLES = {
  clock: ClockState,
  signal: Signal,
  /** Why the run left its straight path; `null` again after a wait that ended well. */
  reason: z.string().nullable(),
};

/** The variables that surely have a value once a run has left a step by an edge. */
export function assignedOn(step: Step, edge: Edge['kind']): string[] {
  if ('await' in step)
    return edge === 'straight' ? Object.keys(WAIT_VARIABLES) : ['clock', 'reason'];
  if (!('use' in step) || edge !== 'straight' || step.onError === 'continue') return [];
  const variable = resultVariable(step);
  return variable === undefined ? [] : [variable];
}

/** Every variable that some step of a workflow may assign, with the shape of its value. */
export function variablesOf(
  workflow: Workflow,
  connectors: Readonly<Record<string, Connector>>,
): Map<string, z.ZodType> {
  const variables = new Map<string, z.ZodType>();
  for (const step of workflow.steps) {
    for (const [name, schema] of declared(step, connectors)) variables.set(name, schema);
  }
  return variables;
}

function declared(
  step: Step,
  connectors: Readonly<Record<string, Connector>>,
): [string, z.ZodType][] {
  if ('await' in step) return Object.entries(WAIT_VARIABLES);
  if (!('use' in step)) return [];
  const variable = resultVariable(step);
  return variable === undefined ? [] : [[variable, outputOf(step.use, connectors)]];
}

/** The shape of what a step answers: its kind's, or that of the operation it calls. */
function outputOf(use: string, connectors: Readonly<Record<string, Connector>>): z.ZodType {
  const kind = stepKind(use);
  if (kind?.kind !== 'operation') return kind?.output ?? z.unknown();
  return findOperation(use, connectors)?.output ?? z.unknown();
}

/** The operation behind `<vendor>.<operation>`. */
export function findOperation(use: string, connectors: Readonly<Record<string, Connector>>) {
  const dot = use.indexOf('.');
  return connectors[use.slice(0, dot)]?.operations[use.slice(dot + 1)];
}
