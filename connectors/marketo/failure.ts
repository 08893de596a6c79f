import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { QUOTA_ZONE, WINDOW, WINDOW_MS } from './limits.ts';

/** What one of Marketo's numbers means to the hub. */
interface CodeMeaning {
  readonly kind: ErrorKind;
  /** The hub's own code. */
  readonly code: string;
  readonly hint: string;
  readonly retryAfterMs?: number;
  readonly outcomeUnknown?: boolean;
  /** The limit that was reached, by the name under which `limitsOf` declares it. */
  readonly limit?: string;
}

const transient = (code: string, hint: string, outcomeUnknown = false): CodeMeaning => ({
  kind: 'retry',
  code: `marketo_${code}`,
  hint,
  outcomeUnknown,
});
const config = (code: string, hint: string): CodeMeaning => ({
  kind: 'config',
  code: `marketo_${code}`,
  hint,
});
const data = (code: string, hint: string): CodeMeaning => ({
  kind: 'data',
  code: `marketo_${code}`,
  hint,
});
const auth = (hint: string): CodeMeaning => ({ kind: 'auth', code: 'marketo_token_refused', hint });
const exists = (what: string): CodeMeaning => ({
  kind: 'conflict',
  code: 'marketo_exists',
  hint: `the ${what} is already there`,
});

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes */
const CODES: Readonly<Record<string, CodeMeaning>> = {
  '502': transient('bad_gateway', 'its gateway failed', true),
  '601': auth('even a fresh token is refused'),
  '602': auth('even a fresh token has expired'),
  '603': config('access_denied', "the API user's role or the list of allowed addresses forbids it"),
  '604': transient('timed_out', 'the request took too long there', true),
  '605': config('method_unsupported', 'the HTTP method is not supported'),
  '606': {
    ...transient('rate_limited', 'the instance had more calls than it takes in 20 s'),
    retryAfterMs: WINDOW_MS,
    limit: WINDOW,
  },
  '607': {
    ...transient('daily_quota_used_up', 'the daily quota is used up until midnight US Central'),
    limit: 'daily',
  },
  '608': transient('unavailable', 'the API is unavailable for now'),
  '609': config('json_refused', 'the body is not the JSON it expects'),
  '610': config('path_unknown', 'the path does not exist: check restUrl'),
  '611': transient('system_error', 'an unhandled error on its side', true),
  '612': config('content_type_refused', 'the content type is not accepted'),
  '613': config('multipart_refused', 'the multipart body is not accepted'),
  '614': transient('subscription_unreachable', 'the subscription cannot be reached'),
  '615': {
    ...transient('too_concurrent', 'the instance had more calls at once than it takes'),
    retryAfterMs: 2_000,
    limit: 'concurrent',
  },
  '616': config('subscription_type', 'this type of subscription lacks the feature'),
  '701': data('field_blank', 'a required field is blank'),
  '703': config('feature_off', 'the feature is switched off for this subscription'),
  '704': data('date_refused', 'a date cannot be read'),
  '709': data('business_rule', 'a business rule forbids it'),
  '710': data('folder_unknown', 'the parent folder does not exist'),
  '711': data('folder_type', 'the folder has the wrong type'),
  '712': data('person_account', 'person accounts cannot be written like this'),
  '713': transient('transient_error', 'a passing error on its side'),
  '714': data('record_type', 'the default record type cannot be found'),
  '718': data('salesperson_unknown', 'no salesperson has this external id'),
  '719': transient('lock_wait', 'it waited too long for a lock'),
  '1001': data('value_type', 'a value has the wrong type'),
  '1002': data('value_missing', 'a required value is missing'),
  '1003': data('value_refused', 'a value is not allowed'),
  '1004': data('lead_not_found', 'the lead is gone'),
  '1005': exists('lead'),
  '1006': data('field_unknown', 'a field does not exist: check the setting fields'),
  '1007': data('several_leads_match', 'several leads match: merge them by hand'),
  '1008': data('partition_forbidden', 'the partition is closed to this API user'),
  '1009': data('partition_missing', 'the partition must be named: check the setting partition'),
  '1010': data('partition_fixed', 'the partition may not be changed'),
  '1011': data('unsupported', 'this value or lookup field is not supported'),
  '1013': data('object_not_found', 'the object does not exist'),
  '1015': data('not_in_list', 'the lead is not in the list'),
  '1017': exists('object'),
  '1018': config('owned_by_crm', 'its CRM sync owns this object: write to the CRM instead'),
  '1021': data('company_fixed', 'company fields of this lead may not be written'),
  '1025': config('program_status', "the status is not one of the program's channel"),
};

/** What a number means; one that nobody foresaw has a kind of the caller's choice. */
function meaningOfCode(code: string, otherwise: ErrorKind): CodeMeaning {
  return (
    CODES[code] ?? {
      kind: otherwise,
      code: 'marketo_error_unforeseen',
      hint: 'look the code up in its documentation',
    }
  );
}

/** Warnings carry numbers where errors carry texts; either is read. */
const Code = z.union([z.string(), z.number()]).transform(String);

const Refusal = z.object({
  success: z.literal(false),
  errors: z.array(z.object({ code: Code })).min(1),
});

/** The first error code of an answer on the response level: HTTP 200 with `success: false`. */
export function responseCode(answer: Pick<VendorAnswer, 'body'>): string | undefined {
  return Refusal.safeParse(answer.body).data?.errors[0]?.code;
}

const ADVICE: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  401: [
    'auth',
    'marketo_client_refused',
    "compare client id and secret in the connection's credentials with LaunchPoint",
  ],
  403: [
    'auth',
    'marketo_client_refused',
    "compare client id and secret in the connection's credentials with LaunchPoint",
  ],
  413: ['data', 'marketo_too_large', 'the body has more than a million bytes'],
  414: ['data', 'marketo_uri_too_long', 'the address has more than 8 KB'],
};

/**
 * The first two of Marketo's three levels of errors: HTTP, and `success: false` within a 200. The
 * third, single records of an answer that went through, is `recordError`'s.
 */
export function failure(answer: VendorAnswer): HubError | undefined {
  const { status } = answer;
  if (status >= 500 || status === 429) {
    return new HubError('retry', 'marketo_unavailable', `Marketo answered HTTP ${status}.`, {
      outcomeUnknown: status >= 500,
    });
  }
  if (status >= 300) {
    const [kind, code, advice] = ADVICE[status] ?? [
      'config',
      'marketo_path_unknown',
      'check restUrl',
    ];
    return new HubError(kind, code, `Marketo answered HTTP ${status}: ${advice}.`);
  }
  const code = responseCode(answer);
  // 702 says "no data found", which is an empty answer and no failure.
  if (code === undefined || code === '702') return undefined;
  const rest = code === '607' ? { retryAfterMs: untilQuotaResets(answer.headers) } : {};
  return toError(code, 'defect', rest, requestOf(answer.body));
}

/** The error for a record that was skipped while the rest of the call went through. */
export function recordError(reasons: readonly { code: string | number }[] | undefined): HubError {
  return toError(String(reasons?.[0]?.code ?? 'none'), 'data', {}, '');
}

function toError(
  code: string,
  otherwise: ErrorKind,
  rest: { retryAfterMs?: number },
  request: string,
): HubError {
  const meaning = meaningOfCode(code, otherwise);
  return new HubError(
    meaning.kind,
    meaning.code,
    `Marketo refused with error ${code}${request}: ${meaning.hint}.`,
    { ...meaning, ...rest },
  );
}

const Requested = z.object({ requestId: z.string().regex(/^[\w#:.-]{1,64}$/) });

/** By this id Marketo's support finds a call. */
function requestOf(body: unknown): string {
  const id = Requested.safeParse(body).data?.requestId;
  return id === undefined ? '' : ` (request ${id})`;
}

const QUOTA_FALLBACK_MS = 3_600_000;

/** By Marketo's own clock, from the answer's Date header. */
function untilQuotaResets(headers: VendorAnswer['headers']): number {
  const answered = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(answered)) return QUOTA_FALLBACK_MS;
  const local = Temporal.Instant.fromEpochMilliseconds(answered).toZonedDateTimeISO(QUOTA_ZONE);
  return local.startOfDay().add({ days: 1 }).epochMilliseconds - answered;
}
