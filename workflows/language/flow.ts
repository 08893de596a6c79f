import { stepKind } from '#workflows/steps/index.ts';
import type { Step, UseStep, Workflow } from './workflow.ts';

/** A way from one step to another, and the field of the document that says so. */
export interface Edge {
  readonly to: string;
  /** Where in the step the target is named; absent for the step below. */
  readonly field?: readonly (string | number)[];
  /** The way back from a bounded step or a wait is no endless loop; `error` paths assign nothing. */
  readonly kind: 'straight' | 'choice' | 'breach' | 'reject' | 'outcome';
}

/** The id of the step that follows on the straight path; `undefined` where none does. */
export function successor(workflow: Workflow, index: number): string | undefined {
  const step = workflow.steps[index];
  if (step === undefined || endsRun(step)) return undefined;
  return (step as { next?: string }).next ?? workflow.steps[index + 1]?.id;
}

/** Whether the run is over after this step. */
export function endsRun(step: Step): boolean {
  if ('end' in step) return true;
  return 'use' in step && stepKind(step.use)?.ends === true;
}

/** The outcomes of a step's kind that lead elsewhere, with the steps this one names for them. */
export function outcomesOf(step: UseStep): { error: string; field: `on${string}`; to: string }[] {
  return Object.entries(stepKind(step.use)?.outcomes ?? {}).flatMap(([error, name]) => {
    const field = name as `on${string}`;
    const to = step[field];
    return to === undefined ? [] : [{ error, field, to }];
  });
}

/** Every way out of the step at `index`, in the order of the document. */
export function edges(workflow: Workflow, index: number): Edge[] {
  const step = workflow.steps[index];
  if (step === undefined) return [];
  return [...branches(step), ...straight(workflow, index)];
}

function straight(workflow: Workflow, index: number): Edge[] {
  const to = successor(workflow, index);
  if (to === undefined) return [];
  const named = 'next' in (workflow.steps[index] ?? {});
  return [{ to, kind: 'straight', ...(named ? { field: ['next'] } : {}) }];
}

function branches(step: Step): Edge[] {
  if ('choose' in step) {
    return step.choose.map(({ next }, at) => ({
      to: next,
      kind: 'choice',
      field: ['choose', at, 'next'],
    }));
  }
  if ('await' in step) {
    return [
      { to: step.onBreach, kind: 'breach', field: ['onBreach'] },
      { to: rejectTarget(step), kind: 'reject', field: [step.onReject ? 'onReject' : 'onBreach'] },
    ];
  }
  if ('use' in step) {
    return outcomesOf(step).map(({ to, field }) => ({ to, kind: 'outcome', field: [field] }));
  }
  return [];
}

/** Where a rejection leads: `onReject`, or what a breach would lead to. */
export function rejectTarget(step: { onBreach: string; onReject?: string | undefined }): string {
  return step.onReject ?? step.onBreach;
}
