import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';

const ROWS: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  400: ['data', 'ga4_event_refused', 'it finds the event unreadable'],
  401: ['auth', 'ga4_secret_refused', 'compare apiSecret with the secret of the data stream'],
  403: ['auth', 'ga4_secret_refused', 'compare apiSecret with the secret of the data stream'],
  404: ['config', 'ga4_path_unknown', 'correct baseUrl'],
  413: ['data', 'ga4_event_refused', 'the event is larger than 130 KB'],
};

/** Google names no span. */
const REST_MS = 60_000;

/**
 * What the Measurement Protocol's answers mean. It says yes to whatever reaches it and drops what
 * does not fit, so that these are the answers of the web around it.
 */
export function failure({ status, headers }: VendorAnswer): HubError | undefined {
  if (status < 300) return undefined;
  if (status === 429) {
    const seconds = Number(headers['retry-after']);
    return new HubError('retry', 'ga4_throttled', 'Google Analytics has had too many calls.', {
      retryAfterMs: seconds > 0 ? seconds * 1000 : REST_MS,
      limit: 'calls',
    });
  }
  if (status === 408 || status >= 500) {
    return new HubError('retry', 'ga4_unavailable', `Google Analytics answered HTTP ${status}.`, {
      outcomeUnknown: true,
    });
  }
  const [kind, code, hint] = ROWS[status] ?? ['defect', 'ga4_error_unforeseen', 'look it up'];
  return new HubError(kind, code, `Google Analytics refused with HTTP ${status}: ${hint}.`);
}
