import * as z from 'zod';
import { type BotClass, type CanonicalEvent, TouchKind } from '#core/events.ts';

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'iu') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What somebody in nurture, or somebody beside them, does that brings them up before their time. */
export const Sign = z.discriminatedUnion('sign', [
  z.strictObject({
    sign: z.literal('touch'),
    kinds: z.array(TouchKind).min(1).optional(),
    /** A regular expression on the name or address of what was read, seen or filled in. */
    matches: z
      .string()
      .min(1)
      .max(200)
      .refine(isPattern, 'must be a regular expression')
      .optional(),
  }),
  /** The product is used. */
  z.strictObject({ sign: z.literal('usage') }),
  /** Another person of the same account does anything. */
  z.strictObject({ sign: z.literal('colleague') }),
  /** How to reach them has become known, or has changed. */
  z.strictObject({ sign: z.literal('data') }),
]);
export type Sign = z.infer<typeof Sign>;

/** What we do to somebody is no sign of theirs; and mailboxes open mails by themselves. */
const NOT_THEIRS: ReadonlySet<TouchKind> = new Set(['email-received', 'email-opened']);

interface Deed {
  readonly kind: TouchKind;
  readonly bot?: BotClass | undefined;
}

/** Whether a touch is something that somebody did of their own accord. */
export const isOwnTouch = ({ kind, bot }: Deed) => bot === undefined && !NOT_THEIRS.has(kind);

/** Whether an event of the person themselves is one of the signs; a colleague's never is. */
export function showsSign(signs: readonly Sign[], event: CanonicalEvent): boolean {
  return signs.some((sign) => isShown(sign, event));
}

function isShown(sign: Sign, event: CanonicalEvent): boolean {
  switch (sign.sign) {
    case 'touch':
      return isTouch(sign, event);
    case 'usage':
      return isUsage(event);
    case 'data':
      return 'person' in event && (event.person?.phone ?? event.person?.email) !== undefined;
    case 'colleague':
      return false;
  }
}

/** Whether a colleague's event is news of the account: something they did themselves. */
export function isColleaguesSign(event: CanonicalEvent): boolean {
  return event.type === 'lead.captured' || isTouch({ sign: 'touch' }, event) || isUsage(event);
}

function isTouch(sign: Extract<Sign, { sign: 'touch' }>, event: CanonicalEvent): boolean {
  const touch = touchOf(event);
  if (touch === undefined || !isOwnTouch(touch)) return false;
  if (sign.kinds !== undefined && !sign.kinds.includes(touch.kind)) return false;
  if (sign.matches === undefined) return true;
  const pattern = new RegExp(sign.matches, 'iu');
  return [touch.name, touch.url].some((text) => pattern.test((text ?? '').slice(0, 2000)));
}

function touchOf(event: CanonicalEvent) {
  if (event.type === 'touch.recorded') return event.touch;
  if (event.type !== 'lead.captured') return undefined;
  return { kind: 'form-submitted' as const, name: event.form, url: event.url, bot: event.bot };
}

const isUsage = (event: CanonicalEvent): boolean =>
  event.type === 'usage.recorded' ||
  (event.type === 'touch.recorded' &&
    (event.touch.kind === 'product-used' || event.touch.kind === 'trial-started'));
