import type { RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets, hmac } from '#connectors/kit/signatures.ts';

/** https://segment.com/docs/connections/destinations/catalog/webhooks/#authentication */
export function verifySegment(
  request: Pick<RawRequest, 'headers' | 'body'>,
  sharedSecret: string | undefined,
): void {
  const signature = request.headers['x-signature'] ?? '';
  const right =
    sharedSecret !== undefined && equalSecrets(signature, signSegment(request.body, sharedSecret));
  if (!right) throw badSignature("Segment's X-Signature");
}

export function signSegment(body: string | Uint8Array, sharedSecret: string): string {
  return hmac('sha1', sharedSecret, [body], 'hex');
}
