import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { MINUTE } from './limits.ts';

/** https://docs.peopledatalabs.com/docs/errors */
const ROWS: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  400: ['data', 'enrichment_input_refused', 'it finds the question unreadable'],
  401: ['auth', 'enrichment_key_refused', "compare the API key in the connection's credentials"],
  402: ['config', 'enrichment_credits_used_up', 'the credits are used up: buy some or wait'],
  403: ['auth', 'enrichment_key_refused', 'the API key may not use this'],
  405: ['config', 'enrichment_path_unknown', 'check baseUrl'],
};

/** Limits are per minute; where no header says more, a minute is enough. */
const REST_FALLBACK_MS = 60_000;

export function failure({ status, headers }: VendorAnswer): HubError | undefined {
  // 404 says that nobody matches: an answer, which costs no credit.
  if (status < 300 || status === 404) return undefined;
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    const retryAfterMs = seconds > 0 ? seconds * 1000 : REST_FALLBACK_MS;
    return new HubError(
      'retry',
      'enrichment_ratelimited',
      'People Data Labs has had too many calls.',
      { retryAfterMs, limit: MINUTE },
    );
  }
  if (status >= 500) {
    return new HubError(
      'retry',
      'enrichment_unavailable',
      `People Data Labs answered HTTP ${status}.`,
    );
  }
  const [kind, code, hint] = ROWS[status] ?? [
    'defect',
    'enrichment_error_unforeseen',
    'look the status up',
  ];
  return new HubError(kind, code, `People Data Labs refused with HTTP ${status}: ${hint}.`);
}
