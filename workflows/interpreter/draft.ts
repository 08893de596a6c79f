import type { StateFailure } from './failure.ts';
import type { Machine, StateNode } from './machine.ts';
import { programAt } from './machine.ts';
import type {
  Advance,
  Command,
  Environment,
  Frame,
  HistoryEvent,
  OpenCommand,
  RunState,
  Visit,
} from './run-state.ts';

/** What is still to be done within the advance at hand. */
export type Step =
  | {
      readonly kind: 'enter';
      readonly frame: string;
      readonly state: string;
      readonly input: unknown;
    }
  | { readonly kind: 'execute'; readonly frame: string }
  | { readonly kind: 'frame-succeeded'; readonly frame: string; readonly output: unknown }
  | { readonly kind: 'frame-failed'; readonly frame: string; readonly failure: StateFailure };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The working copy of one advance: the only thing in here that is ever changed in place. */
export interface Draft {
  readonly machine: Machine;
  readonly env: Environment;
  readonly run: Writable<Omit<RunState, 'frames' | 'open'>> & {
    frames: Record<string, Frame>;
    open: Record<string, OpenCommand>;
  };
  readonly commands: Command[];
  readonly history: HistoryEvent[];
  readonly steps: Step[];
}

export const ROOT_FRAME = 'run';

export function openDraft(machine: Machine, run: RunState, env: Environment): Draft {
  return { machine, env, run: workingCopy(run), commands: [], history: [], steps: [] };
}

/** Copies what an advance changes in place; inputs, outputs and variables are only ever replaced. */
function workingCopy(run: RunState): Draft['run'] {
  const frames = Object.entries(run.frames).map(([id, frame]) => [id, copyOfFrame(frame)]);
  return { ...run, open: { ...run.open }, frames: Object.fromEntries(frames) };
}

function copyOfFrame({ visit, ...frame }: Frame): Frame {
  return visit === undefined ? frame : { ...frame, visit: copyOfVisit(visit) };
}

function copyOfVisit({ task, children, ...visit }: Visit): Visit {
  return {
    ...visit,
    ...(task && { task: { ...task } }),
    ...(children && {
      children: {
        ...children,
        results: [...children.results],
        failures: [...children.failures],
      },
    }),
  };
}

export function closeDraft(draft: Draft): Advance {
  return { state: draft.run, commands: draft.commands, history: draft.history };
}

export function nextId(draft: Draft, word: string): string {
  draft.run.lastId += 1;
  return `${word}-${draft.run.lastId}`;
}

export function frameOf(draft: Draft, id: string): Frame {
  const frame = draft.run.frames[id];
  if (frame === undefined) throw new RangeError(`The run has no frame ${id}`);
  return frame;
}

export function visitOf(frame: Frame): Visit {
  if (frame.visit === undefined) throw new RangeError(`Frame ${frame.id} is in no state`);
  return frame.visit;
}

export function nodeOf(draft: Draft, frame: Frame): StateNode {
  const { state } = visitOf(frame);
  const node = programAt(draft.machine, frame.program).states[state];
  if (node === undefined) throw new RangeError(`The definition has no state ${state}`);
  return node;
}

/**
 * Adds an event after the frame's last one. Events that only report on something else
 * (`MapStateSucceeded`) do not become the predecessor of what follows: `advance` is false then.
 */
export function record(
  draft: Draft,
  frame: Frame,
  type: string,
  details: Record<string, unknown> = {},
  { advance = true, previousEventId = frame.previousEventId } = {},
): number {
  if (frame.silent === true) return draft.run.lastEventId;
  draft.run.lastEventId += 1;
  const id = draft.run.lastEventId;
  draft.history.push({ id, previousEventId, type, at: draft.env.now, details: present(details) });
  if (advance) frame.previousEventId = id;
  return id;
}

/** Leaves out what is undefined: JSON has no word for it. */
export function present(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

/** Asks the host to wake the frame at an instant in epoch milliseconds. */
export function openTimer(
  draft: Draft,
  frame: string,
  purpose: OpenCommand['purpose'],
  at: number,
): void {
  const id = nextId(draft, 'timer');
  draft.run.open[id] = { purpose, frame };
  draft.commands.push({ type: 'timer', id, at });
}

/** Withdraws everything the host was asked for on behalf of the frame. */
export function cancelOpen(draft: Draft, frame: string): void {
  for (const [id, open] of Object.entries(draft.run.open)) {
    if (open.frame !== frame || open.purpose === 'run-timeout') continue;
    cancelCommand(draft, id);
  }
}

export function cancelCommand(draft: Draft, id: string): void {
  delete draft.run.open[id];
  draft.commands.push({ type: 'cancel', id });
}
