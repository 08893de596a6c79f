import middy from '@middy/core';
import { HubError } from '#core/errors.ts';
import { describeFailure } from './describe-failure.ts';

/**
 * Carries out a task of a state machine. What is thrown reaches Step Functions by its name:
 * `HubError.retry` is what a compiled workflow tries again.
 */
export function taskHandler<T>(run: (call: unknown) => Promise<T>) {
  const call = async (event: unknown): Promise<T> => run(event);
  return middy(call, { timeoutEarlyInMillis: 1_000, timeoutEarlyResponse: outOfTime }).onError(
    ({ error }) => console.error(describeFailure(error)),
  );
}

/** A second before Lambda would end the function with an error that no state machine can match. */
function outOfTime(): never {
  throw new HubError('retry', 'task_timed_out', 'The task did not end in the time it has.', {
    outcomeUnknown: true,
  });
}
