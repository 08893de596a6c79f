import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { type ErrorKind, HubError } from '#core/errors.ts';

/** https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#errors */
const ROWS: Readonly<Record<number, readonly [ErrorKind, string, string]>> = {
  400: ['data', 'segment_event_refused', 'it finds the event unreadable or larger than 32 KB'],
  401: ['auth', 'segment_key_refused', 'compare sourceWriteKey with the write key of the source'],
  403: ['auth', 'segment_key_refused', 'the source is disabled: enable it in the workspace'],
  404: ['config', 'segment_path_unknown', 'correct baseUrl'],
  413: ['data', 'segment_event_refused', 'the event is larger than 32 KB'],
};

/** Where Segment does not say how long to wait. */
const REST_FALLBACK_MS = 10_000;
/** A number this large is an instant and no span, in seconds. */
const EPOCH_FROM = 1_000_000_000;

/** What the tracking API's answers mean; it takes whatever is well-formed. */
export function failure({ status, headers }: VendorAnswer): HubError | undefined {
  if (status < 300) return undefined;
  if (status === 429) {
    return new HubError('retry', 'segment_throttled', 'Segment has had too many calls.', {
      retryAfterMs: restMs(headers),
      limit: 'calls',
    });
  }
  // It drops a message whose id it has seen, so a repeat does no harm.
  if (status === 408 || status >= 500) {
    return new HubError('retry', 'segment_unavailable', `Segment answered HTTP ${status}.`, {
      outcomeUnknown: true,
    });
  }
  const [kind, code, hint] = ROWS[status] ?? [
    'defect',
    'segment_error_unforeseen',
    'look the status up',
  ];
  return new HubError(kind, code, `Segment refused with HTTP ${status}: ${hint}.`);
}

/** `Retry-After`, else `X-RateLimit-Reset`; both in seconds. */
function restMs(headers: VendorAnswer['headers']): number {
  for (const name of ['retry-after', 'x-ratelimit-reset']) {
    const seconds = Number(headers[name]);
    if (seconds > 0 && seconds < EPOCH_FROM) return seconds * 1000;
  }
  return REST_FALLBACK_MS;
}
