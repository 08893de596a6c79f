import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';

interface Row {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string;
  readonly retryAfterMs?: number;
  readonly outcomeUnknown?: boolean;
}

const transient = (code: string, hint: string, outcomeUnknown = false): Row => ({
  kind: 'retry',
  code: `marketo_${code}`,
  hint,
  outcomeUnknown,
});
const config = (code: string, hint: string): Row => ({
  kind: 'config',
  code: `marketo_${code}`,
  hint,
});
const data = (code: string, hint: string): Row => ({ kind: 'data', code: `marketo_${code}`, hint });

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes */
const ROWS: Readonly<Record<string, Row>> = {
  '502': transient('bad_gateway', 'its gateway failed', true),
  '601': { kind: 'auth', code: 'marketo_token_refused', hint: 'even a fresh token is refused' },
  '602': { kind: 'auth', code: 'marketo_token_refused', hint: 'even a fresh token has expired' },
  '603': config('access_denied', "the API user's role or the list of allowed addresses forbids it"),
  '604': transient('timed_out', 'the request took too long there', true),
  '605': config('method_unsupported', 'the HTTP method is not supported'),
  // The window is 20 seconds and shared with every other integration of the instance.
  '606': { ...transient('rate_limited', 'more than 100 calls in 20 s'), retryAfterMs: 20_000 },
  '607': transient('daily_quota_used_up', 'the daily quota is used up until midnight US Central'),
  '608': transient('unavailable', 'the API is unavailable for now'),
  '609': config('json_refused', 'the body is not the JSON it expects'),
  '610': config('path_unknown', 'the path does not exist: check restUrl'),
  '611': transient('system_error', 'an unhandled error on its side', true),
  '612': config('content_type_refused', 'the content type is not accepted'),
  '613': config('multipart_refused', 'the multipart body is not accepted'),
  '614': transient('subscription_unreachable', 'the subscription cannot be reached'),
  '615': { ...transient('too_concurrent', 'more than 10 calls at once'), retryAfterMs: 2_000 },
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
  '1005': { kind: 'conflict', code: 'marketo_exists', hint: 'the lead is already there' },
  '1006': data('field_unknown', 'a field does not exist: check the setting fields'),
  '1007': data('several_leads_match', 'several leads match: merge them by hand'),
  '1008': data('partition_forbidden', 'the partition is closed to this API user'),
  '1009': data('partition_missing', 'the partition must be named'),
  '1010': data('partition_fixed', 'the partition may not be changed'),
  '1011': data('unsupported', 'this value or lookup field is not supported'),
  '1013': data('object_not_found', 'the object does not exist'),
  '1015': data('not_in_list', 'the lead is not in the list'),
  '1017': { kind: 'conflict', code: 'marketo_exists', hint: 'the object is already there' },
  '1018': config('owned_by_crm', 'its CRM sync owns this object: write to the CRM instead'),
  '1021': data('company_fixed', 'company fields of this lead may not be written'),
  '1025': config('program_status', "the status is not one of the program's channel"),
};

const Refusal = z.object({
  success: z.literal(false),
  errors: z.array(z.object({ code: z.string() })).min(1),
});

/** The first error code of an answer on the response level: HTTP 200 with `success: false`. */
export function responseCode(answer: Pick<VendorAnswer, 'body'>): string | undefined {
  return Refusal.safeParse(answer.body).data?.errors[0]?.code;
}

/** Marketo's three levels of errors, but for the third: `recordError` answers for single records. */
export function failure(answer: VendorAnswer): HubError | undefined {
  const { status } = answer;
  if (status >= 500 || status === 429) {
    return new HubError('retry', 'marketo_unavailable', `Marketo answered HTTP ${status}.`, {
      outcomeUnknown: status >= 500,
    });
  }
  if (status === 401 || status === 403) {
    const advice = "compare client id and secret in the connection's credentials with LaunchPoint";
    return new HubError(
      'auth',
      'marketo_client_refused',
      `Marketo knows no such client: ${advice}.`,
    );
  }
  if (status === 413 || status === 414) {
    return new HubError(
      'data',
      'marketo_too_large',
      `Marketo finds the request too large (${status}).`,
    );
  }
  if (status >= 300) {
    return new HubError(
      'config',
      'marketo_path_unknown',
      `Marketo answered HTTP ${status}: check restUrl.`,
    );
  }
  const code = responseCode(answer);
  // 702 says "no data found", which is an empty answer and no failure.
  if (code === undefined || code === '702') return undefined;
  if (code === '607') return toError(code, { retryAfterMs: untilQuotaResets(answer.headers) });
  return toError(code, {}, 'defect');
}

/** The error for a record that was skipped while the rest of the call went through. */
export function recordError(reasons: readonly { code: string }[]): HubError {
  return toError(reasons[0]?.code ?? 'none', {}, 'data');
}

function toError(
  code: string,
  override: { retryAfterMs?: number },
  otherwise?: ErrorKind,
): HubError {
  const row = ROWS[code] ?? {
    kind: otherwise ?? 'defect',
    code: 'marketo_error_unforeseen',
    hint: 'look the code up in its documentation',
  };
  return new HubError(row.kind, row.code, `Marketo refused with error ${code}: ${row.hint}.`, {
    ...row,
    ...override,
  });
}

const QUOTA_FALLBACK_MS = 3_600_000;

/** By Marketo's own clock, from the answer's Date header: the quota resets at its midnight. */
function untilQuotaResets(headers: VendorAnswer['headers']): number {
  const answered = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(answered)) return QUOTA_FALLBACK_MS;
  const local =
    Temporal.Instant.fromEpochMilliseconds(answered).toZonedDateTimeISO('America/Chicago');
  return local.startOfDay().add({ days: 1 }).epochMilliseconds - answered;
}
