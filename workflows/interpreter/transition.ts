import { type Draft, record, visitOf } from './draft.ts';
import { assertPayload } from './limits.ts';
import type { StateNode } from './machine.ts';
import type { Outcome } from './outcome.ts';
import type { Frame } from './run-state.ts';

/** Leaves the state: writes the event, sets the variables, and moves on to `next` or to the end. */
export function exitState(
  draft: Draft,
  frame: Frame,
  node: StateNode,
  outcome: Outcome,
  next: string | undefined = node.next,
): void {
  assertPayload(node.name, outcome.output);
  const assigned = outcome.assigned ?? {};
  record(draft, frame, `${node.type}StateExited`, {
    name: visitOf(frame).state,
    output: outcome.output,
    ...(Object.keys(assigned).length > 0 && { assignedVariables: assigned }),
  });
  frame.variables = { ...frame.variables, ...assigned };
  delete frame.visit;
  draft.steps.push(
    next === undefined
      ? { kind: 'frame-succeeded', frame: frame.id, output: outcome.output }
      : { kind: 'enter', frame: frame.id, state: next, input: outcome.output },
  );
}
