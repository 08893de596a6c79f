import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';

/** How long something may take: in working time, in working days, or in plain time. */
export type Duration =
  | { readonly kind: 'business'; readonly minutes: number }
  | { readonly kind: 'business-days'; readonly days: number }
  | { readonly kind: 'plain'; readonly iso: string };

const ALLOWED =
  'Allowed are working time ("90 business minutes", "4 business hours", "2 business days") ' +
  'and ISO 8601 for plain time ("PT30M", "P14D")';

/**
 * Reads a duration as ops write it. An unreadable one is an error with a suggestion, because a
 * deadline that is silently ignored is found only after the lead is cold.
 */
export function parseDuration(text: string): Duration {
  const business = /^(\d+(?:\.\d+)?) *business +(minute|hour|day)s?$/i.exec(text.trim());
  const parsed = business === null ? plain(text.trim()) : working(business[1], business[2]);
  if (parsed !== undefined) return parsed;
  throw new HubError(
    'config',
    'duration_unreadable',
    `The duration "${text}" cannot be read. ${ALLOWED}.${suggestion(text)}`,
  );
}

function working(amountText = '', unit = ''): Duration | undefined {
  const amount = Number(amountText);
  if (amount <= 0) return undefined;
  switch (unit.toLowerCase()) {
    case 'minute':
      return { kind: 'business', minutes: amount };
    case 'hour':
      return { kind: 'business', minutes: amount * 60 };
    default:
      return Number.isInteger(amount) ? { kind: 'business-days', days: amount } : undefined;
  }
}

function plain(text: string): Duration | undefined {
  try {
    return Temporal.Duration.from(text).sign > 0 ? { kind: 'plain', iso: text } : undefined;
  } catch {
    return undefined;
  }
}

const UNITS = [
  { pattern: /^m(?:in(?:ute)?s?)?$/, word: 'minutes', iso: (n: string) => `PT${n}M` },
  { pattern: /^h(?:(?:ou)?rs?)?$/, word: 'hours', iso: (n: string) => `PT${n}H` },
  { pattern: /^d(?:ays?)?$/, word: 'days', iso: (n: string) => `P${n}D` },
  { pattern: /^w(?:(?:ee)?ks?)?$/, word: undefined, iso: (n: string) => `P${n}W` },
];

/** Guesses what was meant by "4 hrs", "2days" or "3 working days". */
function suggestion(text: string): string {
  const match = /^\D*?(\d+)\s*(?:business|working|work|bus\.?)?\s*([a-z]+)\W*$/i.exec(text.trim());
  const [, amount = '', written = ''] = match ?? [];
  const unit = UNITS.find(({ pattern }) => pattern.test(written.toLowerCase()));
  if (unit === undefined || Number(amount) === 0) return '';
  const plainTime = `"${unit.iso(amount)}"`;
  return unit.word === undefined
    ? ` Did you mean ${plainTime}?`
    : ` Did you mean "${amount} business ${unit.word}" or ${plainTime}?`;
}

/** A duration in a playbook; refused with the reason and a suggestion where it stands. */
export const DurationText = z.string().superRefine((text, context) => {
  try {
    parseDuration(text);
  } catch (error) {
    if (!isHubError(error)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
