import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
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
  // The body is the list of the matches' addresses, in no error shape at all.
  if (answer.status === 300) {
    return new HubError(
      'data',
      'salesforce_several_matches',
      'Several Salesforce records have this external id: merge them by hand.',
    );
  }
  const error = ApiErrors.safeParse(answer.body).data?.[0];
  if (error?.errorCode !== undefined) return classed(answer.status, error.errorCode, error);
  const oauth = OAuthError.safeParse(answer.body).data;
  return oauth === undefined ? bare(answer.status) : refusedLogin(oauth.error);
}

/** Whether the session ended: the only answer that a new one helps against. */
export function sessionRefused(answer: VendorAnswer): boolean {
  const error = ApiErrors.safeParse(answer.body).data?.[0];
  return answer.status === 401 && error?.errorCode === 'INVALID_SESSION_ID';
}

const SECONDS_MS = 5_000;
/** The quota is a rolling day: an hour frees a twenty-fourth of it. */
const PARKED_MS = 60 * 60_000;
const LOCK_MS = 2_000;

function classed(status: number, code: string, error: ApiError): HubError {
  const special = SPECIAL[code];
  if (special !== undefined) return special(error);
  const [kind, ours] = KINDS[code] ?? byStatus(status);
  return new HubError(kind, ours, `Salesforce refused the call (${status} ${code}).`, {
    outcomeUnknown: status >= 500,
  });
}

const SPECIAL: Record<string, (error: ApiError) => HubError> = {
  REQUEST_LIMIT_EXCEEDED: (error) => {
    const total = error.message?.startsWith('TotalRequests') ?? false;
    const what = total ? 'daily quota' : 'limit of concurrent calls';
    return retry(
      'salesforce_rate_limited',
      `Salesforce's ${what} is used up.`,
      total ? PARKED_MS : SECONDS_MS,
    );
  },
  UNABLE_TO_LOCK_ROW: () =>
    retry('salesforce_record_locked', 'Salesforce has locked the record.', LOCK_MS),
  QUERY_TIMEOUT: () =>
    retry('salesforce_query_timeout', 'Salesforce’s query took too long.', LOCK_MS),
  DUPLICATES_DETECTED: (error) => {
    const matches = error.duplicateResult?.matchResults.flatMap((one) => one.matchRecords) ?? [];
    return exists(matches.flatMap(({ record }) => record.Id ?? [])[0]);
  },
  DUPLICATE_VALUE: (error) => exists(/record with id: (\w{15,18})/.exec(error.message ?? '')?.[1]),
};

/** What each code means for the caller, as far as its status does not tell. */
const KINDS: Record<string, readonly [ErrorKind, string]> = {
  REQUIRED_FIELD_MISSING: ['data', 'salesforce_record_refused'],
  FIELD_CUSTOM_VALIDATION_EXCEPTION: ['data', 'salesforce_record_refused'],
  STRING_TOO_LONG: ['data', 'salesforce_record_refused'],
  INVALID_EMAIL_ADDRESS: ['data', 'salesforce_record_refused'],
  CANNOT_UPDATE_CONVERTED_LEAD: ['data', 'salesforce_lead_converted'],
  NOT_FOUND: ['data', 'salesforce_record_not_found'],
  ENTITY_IS_DELETED: ['data', 'salesforce_record_not_found'],
  // No other record would pass either: the organisation lacks a field, an option or a user.
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ['config', 'salesforce_picklist_value_unknown'],
  INVALID_FIELD: ['config', 'salesforce_field_unknown'],
  INACTIVE_OWNER_OR_USER: ['config', 'salesforce_owner_unknown'],
  OP_WITH_INVALID_USER_TYPE_EXCEPTION: ['config', 'salesforce_owner_unknown'],
  MALFORMED_QUERY: ['defect', 'salesforce_answer_unforeseen'],
};

function byStatus(status: number): readonly [ErrorKind, string] {
  if (status >= 500) return ['retry', 'salesforce_down'];
  if (status === 401) return ['auth', 'salesforce_credentials_refused'];
  if (status === 403) return ['config', 'salesforce_permission_missing'];
  if (status === 404) return ['data', 'salesforce_record_not_found'];
  return status === 400
    ? ['data', 'salesforce_record_refused']
    : ['defect', 'salesforce_answer_unforeseen'];
}

function bare(status: number): HubError {
  const [kind, code] = byStatus(status);
  return new HubError(kind, code, `Salesforce answered ${status}.`, {
    outcomeUnknown: status >= 500,
  });
}

function refusedLogin(error: string): HubError {
  return new HubError(
    'auth',
    'salesforce_credentials_refused',
    `Salesforce refused the login (${error}): compare the connection's credentials with the app's.`,
  );
}

function retry(code: string, message: string, retryAfterMs: number): HubError {
  return new HubError('retry', code, message, { retryAfterMs });
}

function exists(existingId: string | undefined): HubError {
  return new HubError(
    'conflict',
    'salesforce_record_exists',
    'Salesforce already has this record.',
    existingId === undefined ? {} : { existingId },
  );
}
