import { HubError } from '#core/errors.ts';
import { outcomesOf, successor } from '#workflows/language/flow.ts';
import { resultVariable } from '#workflows/language/variables.ts';
import type { UseStep } from '#workflows/language/workflow.ts';
import { stepKind } from '#workflows/steps/index.ts';
import { invocation } from './call.ts';
import type { Place } from './place.ts';
import { BEST_EFFORT_RETRIES, catchFailure, STEP_RETRIES } from './retries.ts';
import { type Catcher, expression, INVOKE, type State } from './states-language.ts';
import { functionOf, TASK_SECONDS } from './substitutions.ts';

/** A `use` step is one task state. */
export function compileUse(step: UseStep, place: Place): Record<string, State> {
  const kind = stepKind(step.use);
  if (kind === undefined) {
    const message = `Workflow ${place.workflow.id} was compiled before it was read: there is no step kind ${step.use}.`;
    throw new HubError('defect', 'unknown_step_kind', message);
  }
  const variable = resultVariable(step);
  const answer = expression('$states.result.Payload');
  const next = successor(place.workflow, place.index);
  const more = step.connection === undefined ? {} : { connection: step.connection };
  const call = { use: step.use, step: step.id, with: step.with ?? {}, more };

  return {
    [step.id]: {
      Type: 'Task',
      Comment: step.note ?? kind.summary,
      Resource: INVOKE,
      Arguments: invocation(functionOf(kind.lambda), call, place),
      TimeoutSeconds: TASK_SECONDS[kind.lambda],
      Retry: step.onError === 'continue' ? BEST_EFFORT_RETRIES : STEP_RETRIES,
      Catch: catchers(step, next),
      ...(variable === undefined ? {} : { Assign: { [variable]: answer } }),
      ...(next === undefined
        ? { Output: { ended: step.id, answer }, End: true }
        : { Output: {}, Next: next }),
    },
  };
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
