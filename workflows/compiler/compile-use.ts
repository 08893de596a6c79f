import { HubError } from '#core/errors.ts';
import { outcomesOf, successor } from '#workflows/language/flow.ts';
import { resultVariable } from '#workflows/language/variables.ts';
import type { UseStep } from '#workflows/language/workflow.ts';
import { stepKind } from '#workflows/steps/index.ts';
import type { StepKind } from '#workflows/steps/step.ts';
import { invocation } from './call.ts';
import { catchLater, DONE_LATER, enteredFirst, laterStates } from './later.ts';
import type { Place } from './place.ts';
import { BEST_EFFORT_RETRIES, catchFailure, STEP_RETRIES } from './retries.ts';
import { type Catcher, expression, INVOKE, type State, type Template } from './states-language.ts';
import { functionOf, TASK_SECONDS } from './substitutions.ts';

/** A `use` step is one task state, and one to wait in where a vendor may have no room for hours. */
export function compileUse(step: UseStep, place: Place): Record<string, State> {
  const kind = kindOf(step, place);
  const next = successor(place.workflow, place.index);
  // What asks no vendor, and what the run goes on without, waits for no vendor either.
  const waits = kind.lambda === 'act' && step.onError !== 'continue';
  const call = {
    use: step.use,
    step: step.id,
    with: step.with ?? {},
    ...(waits ? { entered: enteredFirst(step.id) } : {}),
    more: step.connection === undefined ? {} : { connection: step.connection },
  };
  const task: State = {
    Type: 'Task',
    Comment: step.note ?? kind.summary,
    Resource: INVOKE,
    Arguments: invocation(functionOf(kind.lambda), call, place),
    TimeoutSeconds: TASK_SECONDS[kind.lambda],
    Retry: step.onError === 'continue' ? BEST_EFFORT_RETRIES : STEP_RETRIES,
    Catch: [...(waits ? [catchLater(step.id)] : []), ...catchers(step, next)],
    ...assignment(step, waits),
    ...(next === undefined
      ? { Output: { ended: step.id, answer: ANSWER }, End: true }
      : { Output: {}, Next: next }),
  };
  return { [step.id]: task, ...(waits ? laterStates(step.id) : {}) };
}

function kindOf(step: UseStep, { workflow }: Place): StepKind {
  const kind = stepKind(step.use);
  if (kind !== undefined) return kind;
  const message = `Workflow ${workflow.id} was compiled before it was read: there is no step kind ${step.use}.`;
  throw new HubError('defect', 'unknown_step_kind', message);
}

const ANSWER = expression('$states.result.Payload');

function assignment(step: UseStep, waits: boolean): { Assign?: Template } {
  const variable = resultVariable(step);
  const assigned = {
    ...(variable === undefined ? {} : { [variable]: ANSWER }),
    ...(waits ? DONE_LATER : {}),
  };
  return Object.keys(assigned).length === 0 ? {} : { Assign: assigned };
}

function catchers(step: UseStep, next: string | undefined): Catcher[] {
  const outcomes = outcomesOf(step).map(
    ({ error, to }): Catcher => ({ ErrorEquals: [error], Output: {}, Next: to }),
  );
  const goOn = step.onError === 'continue' && next !== undefined;
  const last = goOn
    ? { ErrorEquals: ['States.ALL'], Output: {}, Next: next }
    : catchFailure(step.id);
  return [...outcomes, last];
}
