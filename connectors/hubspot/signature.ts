import type { RawRequest } from '#connectors/kit/connector.ts';
import {
  badSignature,
  contentHash,
  equalSecrets,
  hmac,
  requireFresh,
} from '#connectors/kit/signatures.ts';

/** The escapes that HubSpot decodes before it signs; all others stay as they were sent. */
const DECODED: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** The address as HubSpot signs it. */
export function signedUri(uri: string): string {
  return uri.replace(/%[0-9A-F]{2}/gi, (sent) => DECODED[sent.toUpperCase()] ?? sent);
}

/** https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests */
export function signHubspot(
  secret: string,
  request: { method: string; uri: string; body: Uint8Array | string; timestamp: string },
): string {
  const parts = [request.method, signedUri(request.uri), request.body, request.timestamp];
  return hmac('sha256', secret, parts, 'base64');
}

/**
 * Throws unless HubSpot signed these bytes for this address in the last five minutes. What comes
 * beside version 3 in an older version must be right, too: HubSpot makes both of one secret, so
 * that a wrong one was not made by HubSpot.
 */
export function verifyHubspot(secret: string, uri: string, request: RawRequest, now: Date): void {
  const signature = request.headers['x-hubspot-signature-v3'];
  const timestamp = request.headers['x-hubspot-request-timestamp'];
  if (signature === undefined || timestamp === undefined || !/^\d+$/.test(timestamp)) {
    throw badSignature('HubSpot’s v3 signature');
  }
  const expected = signHubspot(secret, {
    method: request.method,
    uri,
    body: request.body,
    timestamp,
  });
  if (!equalSecrets(expected, signature)) throw badSignature('HubSpot’s v3 signature');
  requireFresh(Number(timestamp), now);
  const beside = request.headers['x-hubspot-signature-version'];
  if (beside === 'v1') verifyHubspotV1(secret, request);
  if (beside === 'v2') verifyHubspotV2(secret, uri, request);
}

/**
 * Throws unless these bytes were hashed with the secret. It covers no address and no time, so it
 * never counts alone.
 */
export function verifyHubspotV1(secret: string, { body, headers }: RawRequest): void {
  const signature = headers['x-hubspot-signature'] ?? '';
  if (!equalSecrets(contentHash(Buffer.concat([Buffer.from(secret), body])), signature)) {
    throw badSignature('HubSpot’s v1 signature');
  }
}

/**
 * Throws unless these bytes were hashed with the secret for this address. It covers no time, so
 * it counts alone for the webhook action of workflows only, and only where the settings say so.
 */
export function verifyHubspotV2(
  secret: string,
  uri: string,
  { method, body, headers }: RawRequest,
): void {
  const signature = headers['x-hubspot-signature'] ?? '';
  const text = Buffer.from(`${secret}${method}${signedUri(uri)}`);
  if (!equalSecrets(contentHash(Buffer.concat([text, body])), signature)) {
    throw badSignature('HubSpot’s v2 signature');
  }
}
