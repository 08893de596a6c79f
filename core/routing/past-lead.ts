import * as z from 'zod';
import { Instant, PersonFacts } from '#core/events.ts';
import { AccountFacts } from '#core/scoring/account-facts.ts';

/** A lead of the past, as far as routing asks for it. */
export const PastLead = z.strictObject({
  id: z.string().min(1),
  /** When it was to be routed. */
  at: Instant,
  person: PersonFacts.default({}),
  account: AccountFacts.optional(),
  /** All with the same one go to one owner. */
  accountId: z.string().optional(),
  opportunityOwner: z.string().optional(),
  score: z
    .strictObject({ rating: z.string(), lane: z.string() })
    .default({ rating: 'qualified', lane: 'qualified' }),
  /** What it was worth, in the smallest unit of the currency. */
  valueMinor: z.number().int().nonnegative().optional(),
  /** When whoever had it was done with it. */
  closedAt: Instant.optional(),
  /** Who got it first; `null` for a queue, and left out where nobody knows. */
  actual: z.string().nullable().optional(),
});
export type PastLead = z.infer<typeof PastLead>;
