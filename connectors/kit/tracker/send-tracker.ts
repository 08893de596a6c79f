import type { RawRequest, RawResponse } from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { TRACKER } from './script.ts';

const TAG = `"${contentHash(TRACKER).slice(0, 16)}"`;

/** An hour: a new hub's script reaches every page soon, and no page waits for it twice. */
const HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=3600',
  etag: TAG,
  'x-content-type-options': 'nosniff',
  // Pages of other origins load it, also those that isolate themselves.
  'cross-origin-resource-policy': 'cross-origin',
  'access-control-allow-origin': '*',
};

/** Answers with the script for websites, or that a browser's copy of it is still good. */
export function sendTracker({ headers }: Pick<RawRequest, 'headers'>): RawResponse {
  if (headers['if-none-match'] === TAG) return { status: 304, headers: HEADERS, body: '' };
  return { status: 200, headers: HEADERS, body: TRACKER };
}
