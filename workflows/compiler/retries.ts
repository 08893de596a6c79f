import { FAILED } from '#workflows/language/workflow.ts';
import type { Catcher, Retrier } from './states-language.ts';
import { expression } from './states-language.ts';

/**
 * What connectors call retryable: a vendor that is down or throttles. From 5 seconds doubling to an
 * hour, with full jitter (each delay is drawn between 0 and that), 56 tries last 24 hours on
 * average and 47 at most. A lead that waits for a vendor's bad day is late; one that fails is lost.
 */
const VENDOR: Retrier = {
  ErrorEquals: ['HubError.retry'],
  IntervalSeconds: 5,
  MaxAttempts: 56,
  BackoffRate: 2,
  MaxDelaySeconds: 3600,
  JitterStrategy: 'FULL',
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception */
const LAMBDA_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
];

/** Lambda's own troubles pass in minutes. Ten tries from 2 seconds on last about half an hour. */
const service = (errors: readonly string[]): Retrier => ({
  ErrorEquals: errors,
  IntervalSeconds: 2,
  MaxAttempts: 10,
  BackoffRate: 2,
  MaxDelaySeconds: 600,
  JitterStrategy: 'FULL',
});

/**
 * The retries of a step. A time-out is among them though the step may have acted: decisions and
 * effects are recorded under the run and the step, so that doing it again changes nothing.
 */
export const STEP_RETRIES: readonly Retrier[] = [
  VENDOR,
  service([...LAMBDA_ERRORS, 'States.Timeout', 'Sandbox.Timedout']),
];

/**
 * The retries of a step that the workflow goes on without: seconds, not hours, because a lead that
 * just raised a hand waits for it.
 */
export const BEST_EFFORT_RETRIES: readonly Retrier[] = [
  {
    ErrorEquals: ['HubError.retry', ...LAMBDA_ERRORS],
    IntervalSeconds: 1,
    MaxAttempts: 2,
    BackoffRate: 2,
    MaxDelaySeconds: 5,
    JitterStrategy: 'FULL',
  },
];

/** The retries of a wait, whose time-out is its clock's next rung and no failure. */
export const WAIT_RETRIES: readonly Retrier[] = [service(['HubError.retry', ...LAMBDA_ERRORS])];

/** The last catcher of every task: the run ends in a state that says which step failed, and why. */
export function catchFailure(step: string): Catcher {
  return {
    ErrorEquals: ['States.ALL'],
    Assign: {
      failure: {
        step,
        error: expression(ERROR),
        cause: expression(CAUSE),
      },
    },
    Output: {},
    Next: FAILED,
  };
}

/** Whoever fails a token may leave out both; a Lambda's cause is JSON with a stack trace, hence the cut. */
const ERROR =
  "$exists($states.errorOutput.Error) ? $states.errorOutput.Error : 'States.TaskFailed'";
const CAUSE =
  "$exists($states.errorOutput.Cause) ? $substring($states.errorOutput.Cause, 0, 1000) : ''";
