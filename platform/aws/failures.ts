import { HubError, isHubError } from '#core/errors.ts';

/** Names by which AWS services say "not now". The SDK has already tried three times by then. */
const LATER = new Set([
  'InternalServerError',
  'InternalServiceErrorException',
  'InternalServiceException',
  'InternalFailure',
  'InternalException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ServiceUnavailable',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

const FORBIDDEN = new Set(['AccessDenied', 'AccessDeniedException', 'UnrecognizedClientException']);

/**
 * Turns what an AWS client threw into a HubError: `retry` for throttling, time-outs and faults of
 * the service, `config` for a missing permission, `defect` for the rest.
 */
export function awsFailure(error: unknown, doing: string): HubError {
  if (isHubError(error)) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  if (isTemporary(error, name)) {
    return new HubError('retry', 'aws_busy', `${doing} did not succeed now (${name}).`, {
      cause: error,
    });
  }
  if (FORBIDDEN.has(name)) {
    return new HubError(
      'config',
      'aws_forbidden',
      `${doing} is not permitted (${name}): compare the function's role with infra/stacks.`,
      { cause: error },
    );
  }
  return new HubError('defect', 'aws_refused', `${doing} was refused (${name}).`, { cause: error });
}

function isTemporary(error: unknown, name: string): boolean {
  if (LATER.has(name)) return true;
  if (!(error instanceof Error)) return false;
  const { $metadata, code } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // The request was made, and the network failed before an answer came.
  if (status === undefined) return $metadata !== undefined || code !== undefined;
  return status >= 500;
}

interface SdkError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}
