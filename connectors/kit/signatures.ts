import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { HubError } from '#core/errors.ts';

/** Compares two secrets in a time that does not depend on where they differ. */
export function equalSecrets(left: string, right: string): boolean {
  // Digests have equal lengths, so that the length of the secret does not leak either.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

export function hmac(
  algorithm: 'sha1' | 'sha256',
  key: string,
  parts: readonly (string | Uint8Array)[],
  encoding: 'hex' | 'base64',
): string {
  const mac = createHmac(algorithm, key);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
}

/** Hash of a text or bytes, for senders that give their events no key of their own. */
export function contentHash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Signed requests older or newer than this are replays or come from a wrong clock. */
const REPLAY_WINDOW_MS = 5 * 60_000;

/** Refuses a signed instant outside the replay window, in both directions. */
export function requireFresh(signedAtMs: number, now: Date): void {
  if (!Number.isFinite(signedAtMs) || Math.abs(now.getTime() - signedAtMs) > REPLAY_WINDOW_MS) {
    throw new HubError(
      'auth',
      'signature_stale',
      'The signed time of the request is more than 5 minutes off: check the clocks of both sides.',
    );
  }
}

/** The error for a request whose signature or secret is missing or wrong. */
export function badSignature(what: string): HubError {
  return new HubError(
    'auth',
    'signature_invalid',
    `${what} is missing or wrong: compare the secret in the connection's credentials with the vendor's.`,
  );
}
