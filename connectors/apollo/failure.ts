import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';
import { HOUR, reachedLimit } from './limits.ts';

/** https://docs.apollo.io/reference/status-codes-errors */
const ROWS: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  400: ['data', 'enrichment_input_refused', 'it finds the question unreadable'],
  401: ['auth', 'enrichment_key_refused', "compare the API key in the connection's credentials"],
  402: ['config', 'enrichment_credits_used_up', 'the credits are used up: buy some or wait'],
  403: ['auth', 'enrichment_key_refused', 'the API key may not use people/match'],
  404: ['config', 'enrichment_path_unknown', 'check baseUrl'],
  422: ['data', 'enrichment_input_refused', 'it finds the question unreadable'],
};

const REST_MS = { daily: 3_600_000, [HOUR]: 900_000 } as const;
/** Where no header says more, a minute is enough. */
const REST_FALLBACK_MS = 60_000;

export function failure({ status, headers }: VendorAnswer): HubError | undefined {
  if (status < 300) return undefined;
  if (status === 429) {
    const limit = reachedLimit(headers);
    const seconds = Number(headers['retry-after']);
    const usual = limit === 'daily' || limit === HOUR ? REST_MS[limit] : REST_FALLBACK_MS;
    const retryAfterMs = seconds > 0 ? seconds * 1000 : usual;
    const said = `Apollo has had too many calls (${limit}).`;
    return new HubError('retry', 'enrichment_ratelimited', said, { retryAfterMs, limit });
  }
  if (status >= 500) {
    return new HubError('retry', 'enrichment_unavailable', `Apollo answered HTTP ${status}.`);
  }
  const [kind, code, hint] = ROWS[status] ?? [
    'defect',
    'enrichment_error_unforeseen',
    'look the status up',
  ];
  return new HubError(kind, code, `Apollo refused with HTTP ${status}: ${hint}.`);
}
