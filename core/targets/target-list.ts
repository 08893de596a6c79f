import * as z from 'zod';
import { Parties, ReviewBy } from '#core/agreement/parties.ts';
import { registrableDomain } from '#core/identity/domain.ts';

const Id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens');

/** What sales wants of a segment, so that marketing knows it (S0-9). */
const Goal = z.strictObject({
  id: Id,
  segment: z.string().min(1).max(120),
  product: z.string().min(1).optional(),
  /** What is missing to the quota, in the smallest unit of the currency. */
  quotaGap: z.strictObject({
    amountMinor: z.number().int().nonnegative(),
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be a code such as EUR'),
  }),
  until: ReviewBy.optional(),
});

const Target = z.strictObject({
  domain: z
    .string()
    .refine((text) => registrableDomain(text) === text, 'must be a domain such as acme.example'),
  name: z.string().min(1).optional(),
  tier: Id,
  goal: Id.optional(),
  /** The salesperson who goes after it; without one, the account's owner counts. */
  owner: z.string().optional(),
});
export type Target = z.infer<typeof Target>;

/** A list longer than this is no choice, and would not fit into one record. */
const MOST_TARGETS = 1_000;

/** The accounts that marketing and sales go after together. */
export const TargetList = z.strictObject({
  $schema: z.string().optional(),
  parties: Parties,
  /** Who proposed this version; it is agreed when both have signed it. */
  proposedBy: z.enum(['marketing', 'sales']),
  reviewBy: ReviewBy,
  /** The most targets that one salesperson can look after. */
  seats: z.number().int().positive(),
  tiers: z.array(z.strictObject({ id: Id, name: z.string().min(1) })).min(1),
  goals: z.array(Goal).default([]),
  accounts: z.array(Target).min(1).max(MOST_TARGETS),
});
export type TargetList = z.infer<typeof TargetList>;
