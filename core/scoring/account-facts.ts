import * as z from 'zod';

/** What may be known of an account; absent means unknown. */
export const AccountFacts = z.object({
  name: z.string().optional(),
  domain: z.string().optional(),
  /** The owner's e-mail address, or the vendor's own id where that is all the vendor tells. */
  owner: z.string().optional(),
  industry: z.string().optional(),
  employees: z.number().int().nonnegative().optional(),
  /** ISO 3166-1 alpha-2. */
  country: z.string().optional(),
  customer: z.boolean().optional(),
  /** Marketing and sales agreed to go after this account (S0-1). */
  targetAccount: z.boolean().optional(),
  /** The tier of the target list that it is in. */
  targetTier: z.string().optional(),
  /** Who goes after it, by the target list. */
  targetOwner: z.string().optional(),
});
export type AccountFacts = z.infer<typeof AccountFacts>;
