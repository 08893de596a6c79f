import { cancelOpen, type Draft, frameOf, nextId, nodeOf, record, visitOf } from './draft.ts';
import { programAt } from './machine.ts';
import type { Children, Frame, Visit } from './run-state.ts';

/** States that the history shows as aborted when their sequence is cut short. */
const ABORTABLE = new Set(['Task', 'Wait', 'Parallel', 'Map']);

interface ChildShape {
  /** Branch number of the program a child runs; a Map has but one. */
  readonly program: (index: number) => number;
  readonly item?: (index: number) => { value: unknown };
  /** Executions of their own: nothing of theirs is in this history, nor do they see variables. */
  readonly isolated?: boolean;
  /** The event a child starts with. */
  readonly startEvent?: string;
}

export function childrenOf(visit: Visit): Children {
  if (visit.children === undefined) throw new RangeError(`${visit.state} has no children`);
  return visit.children;
}

/** Starts as many children as may run at once. */
export function startChildren(draft: Draft, parent: Frame, shape: ChildShape): void {
  const visit = visitOf(parent);
  const children = childrenOf(visit);
  const most = children.concurrency === 0 ? children.inputs.length : children.concurrency;
  while (
    children.started < children.inputs.length &&
    children.started - children.succeeded - children.failures.length < most
  ) {
    startChild(draft, parent, visit, shape, children.started);
    children.started += 1;
  }
}

function startChild(
  draft: Draft,
  parent: Frame,
  visit: Visit,
  shape: ChildShape,
  index: number,
): void {
  const item = shape.item?.(index);
  const child: Frame = {
    id: nextId(draft, 'frame'),
    parent: parent.id,
    program: [...parent.program, visit.state, shape.program(index)],
    index,
    ...(item && { item }),
    ...(shape.isolated === true && { isolated: true }),
    ...((shape.isolated === true || parent.silent === true) && { silent: true }),
    previousEventId: parent.previousEventId,
    variables: {},
  };
  if (shape.startEvent !== undefined) {
    record(draft, child, shape.startEvent, { name: visit.state, index });
  }
  draft.run.frames[child.id] = child;
  const { startAt } = programAt(draft.machine, child.program);
  const input = childrenOf(visit).inputs[index];
  draft.steps.push({ kind: 'enter', frame: child.id, state: startAt, input });
}

/** Takes a child that has come to its end out of the run; what follows it follows its last event. */
export function removeChild(draft: Draft, parent: Frame, child: Frame): void {
  delete draft.run.frames[child.id];
  if (child.silent !== true || parent.silent === true) {
    parent.previousEventId = child.previousEventId;
  }
}

/** Cuts short everything that runs beneath a frame. */
export function abortChildren(draft: Draft, parent: Frame): void {
  for (const frame of Object.values(draft.run.frames)) {
    if (frame.parent === parent.id && draft.run.frames[frame.id] !== undefined) {
      abortFrame(draft, frame);
    }
  }
}

/** Ends a frame where it stands, and says so in the history where the service does. */
export function abortFrame(draft: Draft, frame: Frame): void {
  abortChildren(draft, frame);
  cancelOpen(draft, frame.id);
  if (frame.visit !== undefined) {
    const { type } = nodeOf(draft, frame);
    if (ABORTABLE.has(type)) record(draft, frame, `${type}StateAborted`, {}, { advance: false });
  }
  if (frame.item !== undefined && frame.isolated !== true) {
    const name = visitOf(parentOf(draft, frame)).state;
    record(draft, frame, 'MapIterationAborted', { name, index: frame.index }, { advance: false });
  }
  delete draft.run.frames[frame.id];
}

export function parentOf(draft: Draft, child: Frame): Frame {
  if (child.parent === undefined) throw new RangeError('The run itself has no parent');
  return frameOf(draft, child.parent);
}
