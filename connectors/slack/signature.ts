import type { RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets, hmac, requireFresh } from '#connectors/kit/signatures.ts';

/**
 * Verifies Slack's v0 signature over the raw bytes; the signing secret is text, not hex.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export function verifySlackV0(
  request: Pick<RawRequest, 'headers' | 'body'>,
  signingSecret: string,
  now: Date,
): void {
  const timestamp = request.headers['x-slack-request-timestamp'] ?? '';
  const signature = request.headers['x-slack-signature'] ?? '';
  if (!equalSecrets(signature, signSlackV0(request.body, signingSecret, timestamp))) {
    throw badSignature("Slack's X-Slack-Signature");
  }
  requireFresh(/^\d+$/.test(timestamp) ? Number(timestamp) * 1000 : Number.NaN, now);
}

export function signSlackV0(body: string | Uint8Array, secret: string, timestamp: string): string {
  return `v0=${hmac('sha256', secret, [`v0:${timestamp}:`, body], 'hex')}`;
}
