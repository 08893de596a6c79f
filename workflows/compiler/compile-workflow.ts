import { successor } from '#workflows/language/flow.ts';
import { variablesOf } from '#workflows/language/variables.ts';
import { type ChooseStep, FAILED, type Step, type Workflow } from '#workflows/language/workflow.ts';
import { compileAwait } from './compile-await.ts';
import { compileUse } from './compile-use.ts';
import type { Place } from './place.ts';
import { expression, type State, type StateMachineDefinition } from './states-language.ts';

/** A year, the longest that a Standard execution may take. */
const LONGEST_RUN_SECONDS = 31_536_000;

/**
 * The state machine of a workflow, in Amazon States Language with JSONata.
 *
 * Pure, and of a workflow that `readPlaybook` found no problem with. It depends on nothing else of
 * the playbook, so that a new salesperson or a tighter clock deploys no state machine: the steps
 * read those when they run. The execution's input is `{ person, event, workflow }`, ids all three.
 */
export function compileWorkflow(workflow: Workflow): StateMachineDefinition {
  const assigned = new Set(variablesOf(workflow, {}).keys());
  const states = workflow.steps.map((step, index) =>
    compileStep(step, { workflow, index, assigned }),
  );

  return {
    Comment: workflow.note ?? `Baton workflow ${workflow.id}`,
    QueryLanguage: 'JSONata',
    StartAt: workflow.steps[0]?.id ?? FAILED,
    TimeoutSeconds: LONGEST_RUN_SECONDS,
    States: Object.assign({}, ...states, { [FAILED]: FAIL }),
  };
}

function compileStep(step: Step, place: Place): Record<string, State> {
  if ('use' in step) return compileUse(step, place);
  if ('await' in step) return compileAwait(step, place);
  if ('choose' in step) return { [step.id]: compileChoose(step, place) };
  return { [step.id]: { Type: 'Succeed', Output: { ended: step.id } } };
}

function compileChoose(step: ChooseStep, place: Place): State {
  return {
    Type: 'Choice',
    ...(step.note === undefined ? {} : { Comment: step.note }),
    Choices: step.choose.map(({ when, next }) => ({ Condition: expression(when), Next: next })),
    Default: successor(place.workflow, place.index) ?? FAILED,
  };
}

const FAIL: State = {
  Type: 'Fail',
  Comment: 'A step could not be done; the cause names it.',
  Error: expression('$failure.error'),
  Cause: expression("$failure.step & ': ' & $failure.cause"),
};
