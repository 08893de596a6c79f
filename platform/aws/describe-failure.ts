import { isHubError } from '#core/errors.ts';

/**
 * What the log may say of a failure: names, codes, messages and the stack. Never the thrown object
 * itself, because the cause of a vendor's failure carries requests with tokens in them.
 */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { errorType: typeof error };
  return {
    errorType: error.name,
    code: isHubError(error) ? error.code : undefined,
    errorMessage: error.message,
    stack: error.stack?.split('\n').slice(1, 9),
    cause: error.cause === undefined ? undefined : String(error.cause).slice(0, 500),
  };
}
