import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';

function isPlainDuration(text: string): boolean {
  try {
    return Temporal.Duration.from(text).sign > 0;
  } catch {
    return false;
  }
}

/** Plain time: buyers do not keep our office hours. */
const PlainDuration = z
  .string()
  .refine(isPlainDuration, 'must be an ISO 8601 duration such as P7D or PT12H');

/** What keeps people from being talked to too often, or while they have other troubles with us. */
export const Protection = z.strictObject({
  $schema: z.string().optional(),
  /** Mails, calls and meetings of sales and marketing together, for each person. */
  contacts: z.strictObject({ most: z.number().int().positive(), within: PlainDuration }).optional(),
  /** While a ticket of these severities is open, service alone speaks; and for a while after. */
  tickets: z
    .strictObject({
      severities: z.array(z.enum(['low', 'normal', 'high', 'severe'])).min(1),
      quietAfter: PlainDuration.optional(),
    })
    .optional(),
  /** Whoever works an account has all of it, as long as they work it. */
  oneSellerPerAccount: z.boolean().optional(),
});
export type Protection = z.infer<typeof Protection>;

/** The instant a plain duration after another, or before it. */
export function shifted(at: string, duration: string, sign: 1 | -1 = 1): string {
  const start = Temporal.Instant.from(at).toZonedDateTimeISO('UTC');
  const span = Temporal.Duration.from(duration);
  const end = start.add(sign === 1 ? span : span.negated());
  return new Date(end.epochMilliseconds).toISOString();
}
