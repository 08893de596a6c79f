import type { RawRequest } from './connector.ts';
import { badSignature, equalSecrets, hmac, requireFresh } from './signatures.ts';

/**
 * The scheme for senders whose requests we design ourselves: `x-hub-signature-256` holds
 * `sha256=` and the HMAC of `<x-hub-timestamp>.<body>`, the timestamp in seconds since 1970.
 */
const SIGNATURE_HEADER = 'x-hub-signature-256';
const TIMESTAMP_HEADER = 'x-hub-timestamp';

/** The headers by which a sender signs a body. */
export function signHouse(body: string, secret: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return {
    [TIMESTAMP_HEADER]: timestamp,
    [SIGNATURE_HEADER]: signatureOf(body, secret, timestamp),
  };
}

/** Throws a HubError `auth` unless the signature is right and of these minutes. */
export function verifyHouse(
  { headers, body }: Pick<RawRequest, 'headers' | 'body'>,
  secret: string,
  now: Date,
): void {
  const timestamp = headers[TIMESTAMP_HEADER] ?? '';
  const offered = headers[SIGNATURE_HEADER] ?? '';
  if (!equalSecrets(offered, signatureOf(body, secret, timestamp))) {
    throw badSignature('The x-hub-signature-256');
  }
  requireFresh(Number(timestamp) * 1000, now);
}

const signatureOf = (body: string | Uint8Array, secret: string, timestamp: string) =>
  `sha256=${hmac('sha256', secret, [`${timestamp}.`, body], 'hex')}`;
