import * as z from 'zod';
import { Instant, TouchKind } from '#core/events.ts';
import { VendorRecord } from '#core/operations.ts';

/** A deal in the hub's words. */
export const OpportunityFacts = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  /** The stage as salespeople read it. */
  stage: z.string(),
  amountMinor: z.number().int().optional(),
  currency: z.string().optional(),
  outcome: z.enum(['open', 'won', 'lost']),
  closeDate: z.string().optional(),
  /** The ids of the people it is about, the primary one first. */
  contacts: z.array(z.string()),
});
export type OpportunityFacts = z.infer<typeof OpportunityFacts>;

/** What opens or changes a deal at any vendor; some want or take more. */
export const OpportunityInput = z.strictObject({
  /** What the caller knows the deal by; one per effect when absent. */
  key: z.string().min(1).optional(),
  /** Whom it is about. */
  record: VendorRecord,
  name: z.string().min(1),
  /** A stage of the connection's settings, or one as the vendor names it. */
  stage: z.string().min(1),
  closeDate: z.iso.date().optional(),
  amountMinor: z.number().int().optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** E-mail address of a salesperson. */
  owner: z.string().optional(),
});
export type OpportunityInput = z.infer<typeof OpportunityInput>;

export const OpportunityOutput = z.strictObject({
  opportunity: VendorRecord,
  created: z.boolean(),
});

/**
 * Verbs that no step of the hub needs and several vendors have, so that a workflow reads alike
 * whichever of them it calls. Whoever offers one of these names offers it with these shapes.
 */
export const OFFERED_VERBS = {
  'person.find': {
    input: z.strictObject({ email: z.string().min(1) }),
    output: z.strictObject({ records: z.array(VendorRecord) }),
  },
  'person.stage': {
    input: z.strictObject({ record: VendorRecord, stage: z.string().min(1) }),
    /** The stage that the record has afterwards, and whether it is the one that was wanted. */
    output: z.strictObject({ stage: z.string(), written: z.boolean() }),
  },
  'owner.find': {
    input: z.strictObject({ email: z.string().min(1) }),
    output: z.strictObject({ ownerId: z.string() }),
  },
  /** Tells the timeline of a person what marketing did, or what they did there. */
  'activity.record': {
    input: z.strictObject({
      record: VendorRecord,
      at: Instant,
      /** What the timeline shows first. */
      title: z.string().min(1),
      kind: TouchKind.optional(),
      url: z.string().optional(),
      /** Whatever else is worth reading. */
      body: z.string().optional(),
    }),
    output: z.strictObject({ activity: VendorRecord }),
  },
  'list.has': {
    input: z.strictObject({ record: VendorRecord, list: z.string() }),
    output: z.strictObject({ member: z.boolean() }),
  },
  'opportunity.read': {
    input: z.strictObject({ id: z.string() }),
    output: OpportunityFacts,
  },
  'opportunity.contacts': {
    input: z.strictObject({ id: z.string() }),
    output: z.strictObject({
      contacts: z.array(
        z.strictObject({ record: VendorRecord, role: z.string().optional(), primary: z.boolean() }),
      ),
    }),
  },
} as const;
