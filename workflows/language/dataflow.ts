import { edges } from './flow.ts';
import { assignedOn } from './variables.ts';
import type { Workflow } from './workflow.ts';

type Names = ReadonlySet<string>;

/**
 * The variables that have a value whenever a run enters a step, whichever way it came. A step that
 * no run reaches is not in the answer.
 */
export function assignedAt(workflow: Workflow): Map<string, Names> {
  const indexes = new Map(workflow.steps.map(({ id }, index) => [id, index]));
  const assigned = new Map<string, Names>();
  const queue: { to: string; names: Names }[] = [];
  const first = workflow.steps[0];
  if (first !== undefined) queue.push({ to: first.id, names: new Set() });

  for (let arrival = queue.shift(); arrival !== undefined; arrival = queue.shift()) {
    const before = assigned.get(arrival.to);
    const both = before === undefined ? arrival.names : intersection(before, arrival.names);
    if (before?.size === both.size) continue;
    assigned.set(arrival.to, both);
    queue.push(...departures(workflow, indexes.get(arrival.to) ?? -1, both));
  }
  return assigned;
}

/** Where a run goes from a step, and which variables have a value when it arrives there. */
function departures(workflow: Workflow, index: number, entered: Names) {
  const step = workflow.steps[index];
  if (step === undefined) return [];
  return edges(workflow, index).map(({ to, kind }) => ({
    to,
    names: new Set([...entered, ...assignedOn(step, kind)]),
  }));
}

const intersection = (one: Names, other: Names): Names =>
  new Set([...one].filter((item) => other.has(item)));
