import { gunzipSync } from 'node:zlib';
import type { RawRequest } from './connector.ts';

/** The largest call that Segment's own API takes is 500 KB. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The JSON of a body that may be packed. Throws whatever is wrong with it: the caller says for whom. */
export function jsonBody({ headers, body }: Pick<RawRequest, 'headers' | 'body'>): unknown {
  const bytes =
    headers['content-encoding'] === 'gzip'
      ? gunzipSync(body, { maxOutputLength: MOST_BYTES })
      : Buffer.from(body);
  return JSON.parse(bytes.toString('utf8'));
}
