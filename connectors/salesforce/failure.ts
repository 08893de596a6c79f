import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';

/** The body of a failed call is always an array. */
const ApiErrors = z
  .array(
    z.object({
      errorCode: z.string().optional(),
      message: z.string().optional(),
      duplicateResult: z
        .object({
          matchResults: z.array(
            z.object({
              matchRecords: z.array(z.object({ record: z.object({ Id: z.string().optional() }) })),
            }),
          ),
        })
        .optional(),
    }),
  )
  .min(1);
type ApiError = z.infer<typeof ApiErrors>[number];

/** The token endpoint speaks OAuth instead. */
const OAuthError = z.object({ error: z.string() });

/** Classes an answer of Salesforce; `undefined` means success. */
export function salesforceFailure(answer: VendorAnswer): HubError | undefined {
  if (answer.status < 300) return undefined;
  const request = requestOf(answer);
  // The body is the list of the matches' addresses, in no error shape at all.
  if (answer.status === 300) {
    return new HubError(
      'data',
      'salesforce_several_matches',
      `Several Salesforce records have this external id: merge them by hand${request}.`,
    );
  }
  const error = ApiErrors.safeParse(answer.body).data?.[0];
  if (error?.errorCode !== undefined) {
    return classed(answer.status, error.errorCode, error, request);
  }
  const oauth = OAuthError.safeParse(answer.body).data;
  return oauth === undefined ? bare(answer.status, request) : refusedLogin(oauth.error, request);
}

const SESSION_CODES = new Set(['INVALID_SESSION_ID', 'INVALID_AUTH_HEADER']);

/** Whether the session is no good any more: the only answers that a new one helps against. */
export function sessionRefused(answer: VendorAnswer): boolean {
  // What the resources of the login say instead of an error's array.
  if (answer.status === 403 && answer.body === 'Bad_OAuth_Token') return true;
  const error = ApiErrors.safeParse(answer.body).data?.[0];
  return answer.status === 401 && SESSION_CODES.has(error?.errorCode ?? '');
}

/** By what Salesforce's support finds the call: a header, or the number of an internal error. */
function requestOf({ headers, body }: VendorAnswer): string {
  const told = headers['x-sfdc-request-id'] ?? headers['x-request-id'];
  const message = ApiErrors.safeParse(body).data?.[0]?.message ?? '';
  const id = told ?? /ErrorId: (\d+-\d+(?: \(-?\d+\))?)/.exec(message)?.[1] ?? '';
  return /^[\w ().-]{1,80}$/.test(id) ? `, request ${id}` : '';
}

const SECONDS_MS = 5_000;
/** The quota is a rolling day: an hour frees a twenty-fourth of it. */
const PARKED_MS = 60 * 60_000;
const LOCK_MS = 2_000;

/**
 * A wait that differs from call to call by up to its own length: those who met at a locked row or
 * at the limit would meet there again. Chance comes from the name of the request.
 */
function apart(waitMs: number, request: string): number {
  if (request === '') return waitMs;
  return waitMs + (Number.parseInt(contentHash(request).slice(0, 8), 16) % waitMs);
}

function classed(status: number, code: string, error: ApiError, request: string): HubError {
  const special = SPECIAL[code];
  if (special !== undefined) return special(error, request);
  const [kind, ours] = KINDS[code] ?? byPrefix(code) ?? byStatus(status);
  return new HubError(kind, ours, `Salesforce refused the call (${status} ${code}${request}).`, {
    outcomeUnknown: status >= 500,
  });
}

const SPECIAL: Record<string, (error: ApiError, request: string) => HubError> = {
  REQUEST_LIMIT_EXCEEDED: (error, request) => {
    const total = error.message?.startsWith('TotalRequests') ?? false;
    return total
      ? retry('salesforce_rate_limited', `Salesforce's daily quota is used up${request}.`, {
          retryAfterMs: PARKED_MS,
          limit: 'daily',
        })
      : retry(
          'salesforce_rate_limited',
          `Salesforce's limit of concurrent calls is used up${request}.`,
          {
            retryAfterMs: apart(SECONDS_MS, request),
            limit: 'concurrent',
          },
        );
  },
  UNABLE_TO_LOCK_ROW: (_, request) =>
    retry('salesforce_record_locked', `Salesforce has locked the record${request}.`, {
      retryAfterMs: apart(LOCK_MS, request),
    }),
  QUERY_TIMEOUT: (_, request) =>
    retry('salesforce_query_timeout', `Salesforce’s query took too long${request}.`, {
      retryAfterMs: apart(LOCK_MS, request),
    }),
  DUPLICATES_DETECTED: (error, request) => {
    const matches = error.duplicateResult?.matchResults.flatMap((one) => one.matchRecords) ?? [];
    return exists(matches.flatMap(({ record }) => record.Id ?? [])[0], request);
  },
  DUPLICATE_VALUE: (error, request) =>
    exists(/record with id: (\w{15,18})/.exec(error.message ?? '')?.[1], request),
};

/** What each code means for the caller, as far as its status does not tell. */
const KINDS: Record<string, readonly [ErrorKind, string]> = {
  INVALID_SESSION_ID: ['auth', 'salesforce_credentials_refused'],
  INVALID_AUTH_HEADER: ['auth', 'salesforce_credentials_refused'],
  API_DISABLED_FOR_ORG: ['config', 'salesforce_permission_missing'],
  FUNCTIONALITY_NOT_ENABLED: ['config', 'salesforce_permission_missing'],
  REQUIRED_FIELD_MISSING: ['data', 'salesforce_record_refused'],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: ['data', 'salesforce_record_refused'],
  STRING_TOO_LONG: ['data', 'salesforce_record_refused'],
  INVALID_EMAIL_ADDRESS: ['data', 'salesforce_record_refused'],
  CANNOT_UPDATE_CONVERTED_LEAD: ['data', 'salesforce_lead_converted'],
  NOT_FOUND: ['data', 'salesforce_record_not_found'],
  ENTITY_IS_DELETED: ['data', 'salesforce_record_not_found'],
  INVALID_CROSS_REFERENCE_KEY: ['data', 'salesforce_record_not_found'],
  // A page of a query that was begun too long ago: the stream that asked begins a new query.
  INVALID_QUERY_LOCATOR: ['data', 'salesforce_cursor_expired'],
  // No other record would pass either: the organisation lacks a field, an option or a user.
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ['config', 'salesforce_picklist_value_unknown'],
  INVALID_FIELD: ['config', 'salesforce_field_unknown'],
  INVALID_FIELD_FOR_INSERT_UPDATE: ['config', 'salesforce_field_unknown'],
  INACTIVE_OWNER_OR_USER: ['config', 'salesforce_owner_inactive'],
  OP_WITH_INVALID_USER_TYPE_EXCEPTION: ['config', 'salesforce_owner_unknown'],
  MALFORMED_QUERY: ['defect', 'salesforce_answer_unforeseen'],
  SERVER_UNAVAILABLE: ['retry', 'salesforce_down'],
  UNKNOWN_EXCEPTION: ['retry', 'salesforce_down'],
};

/** Missing rights have a family of codes: of the object, of the field, of the record pointed to. */
function byPrefix(code: string): readonly [ErrorKind, string] | undefined {
  return code.startsWith('INSUFFICIENT_ACCESS')
    ? ['config', 'salesforce_permission_missing']
    : undefined;
}

function byStatus(status: number): readonly [ErrorKind, string] {
  if (status >= 500) return ['retry', 'salesforce_down'];
  if (status === 401) return ['auth', 'salesforce_credentials_refused'];
  if (status === 403) return ['config', 'salesforce_permission_missing'];
  if (status === 404) return ['data', 'salesforce_record_not_found'];
  return status === 400
    ? ['data', 'salesforce_record_refused']
    : ['defect', 'salesforce_answer_unforeseen'];
}

function bare(status: number, request: string): HubError {
  const [kind, code] = byStatus(status);
  return new HubError(kind, code, `Salesforce answered ${status}${request}.`, {
    outcomeUnknown: status >= 500,
  });
}

function refusedLogin(error: string, request: string): HubError {
  return new HubError(
    'auth',
    'salesforce_credentials_refused',
    `Salesforce refused the login (${error}${request}): compare the connection's credentials with the app's.`,
  );
}

function retry(
  code: string,
  message: string,
  details: { retryAfterMs: number; limit?: string },
): HubError {
  return new HubError('retry', code, message, details);
}

function exists(existingId: string | undefined, request: string): HubError {
  return new HubError(
    'conflict',
    'salesforce_record_exists',
    `Salesforce already has this record${request}.`,
    existingId === undefined ? {} : { existingId },
  );
}
