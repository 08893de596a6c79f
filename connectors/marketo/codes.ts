import type { ErrorKind } from '#core/errors.ts';

/** What one of Marketo's numbers means to the hub. */
export interface CodeMeaning {
  readonly kind: ErrorKind;
  /** The hub's own code. */
  readonly code: string;
  readonly hint: string;
  readonly retryAfterMs?: number;
  readonly outcomeUnknown?: boolean;
  /** The limit that was reached, by the name under which `limitsOf` declares it. */
  readonly limit?: string;
}

/** The name of the rate of all calls: the window is 20 s and shared by the whole instance. */
export const WINDOW = 'calls in 20 s';
export const WINDOW_MS = 20_000;

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
export function meaningOfCode(code: string, otherwise: ErrorKind): CodeMeaning {
  return (
    CODES[code] ?? {
      kind: otherwise,
      code: 'marketo_error_unforeseen',
      hint: 'look the code up in its documentation',
    }
  );
}
