import type { RawRequest } from './connector.ts';
import { badSignature, equalSecrets } from './signatures.ts';

/** Where a sender that signs nothing may put its secret, if it can't set `Authorization`. */
const SECRET_HEADER = 'x-baton-secret';

/**
 * Holds a request of a sender without signatures to the secret that was agreed with it: a bearer
 * token, the password of Basic authorisation, or the header `x-baton-secret`. Throws a HubError
 * `auth`.
 */
export function requireSecret(
  request: Pick<RawRequest, 'headers'>,
  secret: string,
  sender: string,
): void {
  // All of them are compared, so that the time does not tell which header was looked at.
  const right = givenSecrets(request.headers).map((given) => equalSecrets(given, secret));
  if (!right.includes(true)) throw badSignature(`The secret in ${sender}'s headers`);
}

function givenSecrets(headers: RawRequest['headers']): string[] {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(headers['authorization'] ?? '') ?? [];
  const given = [headers[SECRET_HEADER] ?? ''];
  if (scheme.toLowerCase() === 'bearer') given.push(value);
  if (scheme.toLowerCase() === 'basic') given.push(passwordIn(value));
  return given;
}

const passwordIn = (basic: string) =>
  Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
