import type { Place } from './place.ts';
import { expression, type Template } from './states-language.ts';

/** What differs between the calls of a workflow's states; see StepCall for what each field means. */
interface Call {
  readonly use: string;
  readonly step: string;
  readonly with: Template;
  /** When its state was entered; of one that may wait and be done again, for the first time. */
  readonly entered?: string;
  /** Fields that only some calls have. */
  readonly more?: Template;
}

/** The variables of a run that every step is told, `null` until they have a value. */
const TOLD = ['handoff', 'score', 'route', 'agreement', 'reason'] as const;

/** The arguments of an `arn:aws:states:::lambda:invoke` task: a function, and a StepCall for it. */
export function invocation(functionName: string, call: Call, place: Place): Template {
  return { FunctionName: functionName, Payload: callTemplate(call, place) };
}

function callTemplate(call: Call, place: Place): Template {
  return {
    use: call.use,
    step: call.step,
    workflow: place.workflow.id,
    run: expression('$states.context.Execution.Name'),
    person: expression('$states.context.Execution.Input.person'),
    event: expression('$states.context.Execution.Input.event'),
    entered: call.entered ?? expression('$states.context.State.EnteredTime'),
    with: call.with,
    ...Object.fromEntries(TOLD.map((name) => [name, told(name, place.assigned)])),
    ...call.more,
  };
}

/**
 * A variable that has no value yet is an error in Step Functions, hence the guard; one that the
 * machine never assigns at all is not mentioned.
 */
function told(name: string, assigned: ReadonlySet<string>): string | null {
  return assigned.has(name) ? expression(`$exists($${name}) ? $${name} : null`) : null;
}
