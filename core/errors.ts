/**
 * What the caller can do next decides the kind of an error:
 * - `retry`: may succeed later, after `retryAfterMs` when the other side said so;
 * - `auth`: credentials or a signature were refused; a person must look at the connection;
 * - `config`: a setting, permission or picklist is wrong; a person must look at the playbook;
 * - `data`: this one record can never be accepted as it is;
 * - `conflict`: somebody else was first; `existingId` names what is there;
 * - `defect`: ours, or an answer nobody foresaw.
 */
export type ErrorKind = 'retry' | 'auth' | 'config' | 'data' | 'conflict' | 'defect';

interface ErrorDetails {
  readonly cause?: unknown;
  readonly retryAfterMs?: number;
  readonly existingId?: string;
  /** The vendor may or may not have acted (a timeout, a 5xx after sending). */
  readonly outcomeUnknown?: boolean;
  /** Which of a vendor's limits was reached: the name of a rate, `daily` or `concurrent`. */
  readonly limit?: string;
}

/**
 * The one error class of the hub. `name` is `HubError.<kind>` because Step Functions matches
 * `Retry` and `Catch` on the name. The message says what, where and what to do next; it never
 * carries secrets or personal data.
 */
export class HubError extends Error {
  readonly kind: ErrorKind;
  /** Stable, documented in docs/errors.md: `snake_case`. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly existingId: string | undefined;
  readonly outcomeUnknown: boolean;
  readonly limit: string | undefined;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = `HubError.${kind}`;
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.existingId = details.existingId;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.limit = details.limit;
  }
}

/** Whether an unknown thrown value is a HubError, of one of the given kinds if any are named. */
export function isHubError(error: unknown, ...kinds: ErrorKind[]): error is HubError {
  return error instanceof HubError && (kinds.length === 0 || kinds.includes(error.kind));
}

/**
 * How a step tells its workflow to take another path: `name` is what the compiled state machine
 * catches (`Reassign.Exhausted`, `Handoff.Rejected`). It is an outcome, not a failure.
 */
export class StepOutcome extends Error {
  constructor(name: `${string}.${string}`, message: string) {
    super(message);
    this.name = name;
  }
}
