import { isDeepStrictEqual } from 'node:util';
import type { Machine, RunState } from '#workflows/interpreter/index.ts';

/** What makes a state the same one under another definition: what it calls, and how often it tries. */
interface Called {
  readonly Type?: unknown;
  readonly Resource?: unknown;
  readonly Retry?: unknown;
  readonly Arguments?: {
    readonly FunctionName?: unknown;
    readonly Payload?: { readonly use?: unknown; readonly step?: unknown };
  };
}

/**
 * Whether a run can go on under another definition of its workflow: the step it is in must be there
 * under its id and be of the same kind, so that the answer it waits for means the same.
 */
export function canGoOnUnder(next: Machine, own: Machine, state: RunState): boolean {
  return Object.values(state.frames).every(({ program, visit }) => {
    if (program.length > 0) return false;
    if (visit === undefined) return true;
    const [there, here] = [callOf(next, visit.state), callOf(own, visit.state)];
    return there !== undefined && isDeepStrictEqual(there, here);
  });
}

function callOf({ definition }: Machine, name: string) {
  const { States = {} } = definition as { States?: Readonly<Record<string, Called>> };
  const state = States[name];
  if (state === undefined) return undefined;
  const { Type, Resource, Retry, Arguments } = state;
  const { use, step } = Arguments?.Payload ?? {};
  return { Type, Resource, Retry, calls: Arguments?.FunctionName, use, step };
}
