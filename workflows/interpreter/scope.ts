import { contextObject } from './context.ts';
import { type Draft, frameOf, visitOf } from './draft.ts';
import type { Environment, Frame, Visit } from './run-state.ts';

/** All that an expression or path of a state can reach. */
export interface Scope {
  readonly visit: Visit;
  readonly env: Environment;
  /** The state's raw input in JSONata mode, what the path selects from in JSONPath mode. */
  readonly input: unknown;
  readonly context: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly errorOutput?: unknown;
}

export function scopeOf(draft: Draft, frame: Frame): Scope {
  const visit = visitOf(frame);
  return {
    visit,
    env: draft.env,
    input: visit.input,
    context: contextObject(draft, frame),
    variables: visibleVariables(draft, frame),
  };
}

/** Variables of the frame and of those around it; a distributed Map hides what lies outside. */
function visibleVariables(draft: Draft, frame: Frame): Record<string, unknown> {
  const outside =
    frame.parent === undefined || frame.isolated === true
      ? {}
      : visibleVariables(draft, frameOf(draft, frame.parent));
  return { ...outside, ...frame.variables };
}
