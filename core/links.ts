import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import { sameSignature, sign } from '#core/hash.ts';

/** What a link in an e-mail may do to a hand-off. */
export const LinkAction = z.enum(['accept', 'reject', 'pause', 'veto']);
export type LinkAction = z.infer<typeof LinkAction>;

const Link = z.strictObject({
  /** The hand-off and its round: a link of an earlier round does nothing. */
  h: z.string(),
  a: LinkAction,
  /** To whom it was sent. */
  to: z.string(),
  /** Epoch seconds after which it does nothing. */
  x: z.number().int(),
});

export interface SignedLink {
  readonly invitation: string;
  readonly action: LinkAction;
  readonly to: string;
}

/** Long enough for a holiday; a link to a round that is over does nothing anyway. */
const LINK_DAYS = 30;

/** The address behind which a link asks before it does anything. */
export const linkTo = (publicUrl: string, key: string, link: SignedLink, now: Date): string =>
  `${publicUrl}/h/${signLink(key, link, now)}`;

/** A token that proves that the hub wrote it: payload and HMAC-SHA256, both safe in a URL. */
export function signLink(key: string, link: SignedLink, now: Date): string {
  const x = Math.floor(now.getTime() / 1000) + LINK_DAYS * 86_400;
  const payload = toHex(JSON.stringify({ h: link.invitation, a: link.action, to: link.to, x }));
  return `${payload}.${sign(key, payload)}`;
}

/** Reads a token. Throws a HubError `auth` when it was not signed by this hub or is too old. */
export function readLink(key: string, token: string, now: Date): SignedLink {
  const [payload = '', signature = ''] = token.split('.');
  if (!sameSignature(sign(key, payload), signature)) {
    throw new HubError(
      'auth',
      'link_invalid',
      'This link was not written by this hub, or was cut on its way: copy it whole from the e-mail.',
    );
  }
  const link = Link.parse(JSON.parse(fromHex(payload)));
  if (link.x * 1000 < now.getTime()) {
    throw new HubError(
      'auth',
      'link_expired',
      'This link is too old: answer in Slack or in the CRM.',
    );
  }
  return { invitation: link.h, action: link.a, to: link.to };
}

const toHex = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string) =>
  new TextDecoder().decode(
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  );
