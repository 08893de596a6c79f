import { edges, outcomesOf } from '#workflows/language/flow.ts';
import type { Step, Workflow } from '#workflows/language/workflow.ts';

/** A way on from a step that has several. */
export interface Branch {
  readonly step: string;
  /** In words: `to decline`, `too late`, `given back`. */
  readonly way: string;
}

/** What a run did, as its history tells. */
export interface HistoryLine {
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const OTHERWISE = 'otherwise';
const IN_TIME = 'in time';
const TOO_LATE = 'too late';
const GIVEN_BACK = 'given back';
const DONE = 'done';
const GONE_ON = 'failed, and gone on without';

/** Every way that a workflow may take where it can take several. */
export function branchesOf(workflow: Workflow): Branch[] {
  return workflow.steps.flatMap((step, index) => {
    const ways = waysOf(workflow, step, index);
    return ways.length < 2 ? [] : [...new Set(ways)].map((way) => ({ step: step.id, way }));
  });
}

function waysOf(workflow: Workflow, step: Step, index: number): string[] {
  if ('choose' in step) {
    const targets = step.choose.map(({ next }) => `to ${next}`);
    const straight = edges(workflow, index).some(({ kind }) => kind === 'straight');
    return straight ? [...targets, OTHERWISE] : targets;
  }
  if ('await' in step) return [IN_TIME, TOO_LATE, GIVEN_BACK];
  if (!('use' in step)) return [];
  const outcomes = outcomesOf(step).map(({ field }) => field);
  return [DONE, ...outcomes, ...(step.onError === 'continue' ? [GONE_ON] : [])];
}

/** The steps that a run went through, in order; one that is waited in again stands there once. */
export function stepsOf(history: readonly HistoryLine[]): string[] {
  const steps = visitsOf(history).map(({ step }) => step);
  return steps.filter((step, index) => step !== steps[index - 1]);
}

/** The ways that a run took where its workflow has several. */
export function takenBranches(workflow: Workflow, history: readonly HistoryLine[]): Branch[] {
  const visits = visitsOf(history);
  return visits.flatMap((visit, index) => {
    const next = visits[index + 1]?.step;
    const step = workflow.steps.find(({ id }) => id === visit.step);
    const way =
      step === undefined || next === undefined || next === visit.step
        ? undefined
        : wayOf(step, visit, next);
    return way === undefined ? [] : [{ step: visit.step, way }];
  });
}

/** One state that a run was in, and how its call ended. */
interface Visit {
  readonly step: string;
  readonly state: string;
  error: string | undefined;
}

function visitsOf(history: readonly HistoryLine[]): Visit[] {
  const visits: Visit[] = [];
  for (const { type, details } of history) {
    const last = visits.at(-1);
    if (type.endsWith('StateEntered')) {
      const state = String(details['name']);
      visits.push({ step: state.split(':', 1)[0] ?? state, state, error: undefined });
    } else if (last !== undefined && type === 'TaskSucceeded') last.error = undefined;
    else if (last !== undefined && type === 'TaskFailed') last.error = String(details['error']);
  }
  return visits;
}

function wayOf(step: Step, { state, error }: Visit, next: string): string | undefined {
  if ('choose' in step) {
    return step.choose.some((one) => one.next === next) ? `to ${next}` : OTHERWISE;
  }
  if ('await' in step) {
    if (state.endsWith(': ladder')) return TOO_LATE;
    return error === undefined ? IN_TIME : GIVEN_BACK;
  }
  if (!('use' in step)) return undefined;
  if (error === undefined) return DONE;
  const outcome = outcomesOf(step).find((one) => one.error === error);
  return outcome?.field ?? (step.onError === 'continue' ? GONE_ON : undefined);
}

/** Which of a workflow's branches the tests took. */
export interface Coverage {
  readonly workflow: string;
  readonly all: number;
  readonly taken: number;
  readonly never: readonly Branch[];
}

/** What the histories of all tests of a workflow covered together. */
export function coverageOf(workflow: Workflow, taken: readonly Branch[]): Coverage {
  const all = branchesOf(workflow);
  const never = all.filter(
    ({ step, way }) => !taken.some((one) => one.step === step && one.way === way),
  );
  return { workflow: workflow.id, all: all.length, taken: all.length - never.length, never };
}
