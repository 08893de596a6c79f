import * as z from 'zod';

/** The teams whose word an agreement needs. */
export const Party = z.enum(['marketing', 'sales', 'service']);
export type Party = z.infer<typeof Party>;

const Signers = z
  .array(z.string().regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address'))
  .min(1)
  .meta({ description: 'The e-mail addresses of those who may sign for this party.' });

/** Who may sign for whom. Part of what is signed: nobody becomes a signer unseen. */
export const Parties = z.strictObject({
  marketing: Signers,
  sales: Signers,
  service: Signers.optional(),
});
export type Parties = z.infer<typeof Parties>;

/** The day, inclusive, by which both sides look at it again. */
export const ReviewBy = z.iso.date('must be a date such as 2027-03-31');

export const sameAddress = (one: string, other: string) =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
