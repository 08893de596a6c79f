import type { Visit } from './run-state.ts';

/** A state went wrong in a way the definition may retry or catch, by `errorName`. */
export class StateFailure extends Error {
  readonly errorName: string | undefined;
  readonly causeText: string | undefined;
  /** The field whose JSONata failed: the history shows it as an event of its own. */
  readonly location: string | undefined;
  /** Another name the same failure answers to in Retry and Catch. */
  readonly alias: string | undefined;
  /** Outside any field's evaluation, so the event hangs on the entering itself. */
  readonly afterEntering: boolean;

  constructor(
    errorName: string | undefined,
    causeText: string | undefined,
    details: { location?: string; alias?: string; afterEntering?: boolean } = {},
  ) {
    super(`${errorName ?? 'no error name'}: ${causeText ?? 'no cause'}`);
    this.name = 'StateFailure';
    this.errorName = errorName;
    this.causeText = causeText;
    this.location = details.location;
    this.alias = details.alias;
    this.afterEntering = details.afterEntering ?? false;
  }
}

/** The service's opening words for anything that goes wrong inside a state. */
function insideState(visit: Pick<Visit, 'state' | 'enteredEventId'>, text: string): string {
  return `An error occurred while executing the state '${visit.state}' (entered at the event id #${visit.enteredEventId}). ${text}`;
}

/** A child's failure as its parent's own: what went wrong in the child is already on record. */
export function inherited({ errorName, causeText, alias }: StateFailure): StateFailure {
  return new StateFailure(errorName, causeText, alias === undefined ? {} : { alias });
}

/** A mistake no Catch may answer for: the run fails. */
export function runtimeFailure(visit: Visit, text: string): StateFailure {
  return new StateFailure('States.Runtime', insideState(visit, text));
}

export function namedFailure(visit: Visit, errorName: string, text: string): StateFailure {
  return new StateFailure(errorName, insideState(visit, text));
}

/** A JSONata expression, or what it answered, was not acceptable for `field`. */
export function queryFailure(
  visit: Visit,
  field: string,
  text: string,
  afterEntering = false,
): StateFailure {
  return new StateFailure('States.QueryEvaluationError', insideState(visit, text), {
    location: field,
    afterEntering,
  });
}

/** `{Error, Cause}` as Catch hands it on; the service writes null for what it was not told. */
export function errorOutput(failure: StateFailure): { Error: string | null; Cause: string | null } {
  return { Error: failure.errorName ?? null, Cause: failure.causeText ?? null };
}

/** Whether a Retry or Catch that lists `names` answers for the failure. */
export function matchesError(names: readonly string[], failure: StateFailure): boolean {
  if (failure.errorName === 'States.Runtime') return false;
  return names.some((name) => matchesName(name, failure));
}

function matchesName(name: string, failure: StateFailure): boolean {
  const { errorName } = failure;
  if (name === errorName || name === failure.alias) return true;
  // The two wildcards do not reach what has become too large, and TaskFailed no timeout either.
  if (errorName === 'States.DataLimitExceeded') return false;
  return name === 'States.ALL' || (name === 'States.TaskFailed' && errorName !== 'States.Timeout');
}
