import * as z from 'zod';
import { Condition } from '#core/scoring/condition.ts';

const Id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens');
const Because = z.string().min(1).max(160);

/** The account's owner gets the account's people. */
const AccountOwnerTier = z.strictObject({
  id: Id,
  use: z.literal('account-owner'),
  because: Because,
});

/** A named rule: who, when the condition is true or the lead lies in the territory. */
const RuleTier = z
  .strictObject({
    id: Id,
    when: Condition.optional(),
    /** Only members of the pool who serve this territory are asked. */
    territory: Id.optional(),
    pool: Id.optional(),
    /** The e-mail address of one salesperson. */
    owner: z.string().optional(),
    because: Because,
  })
  .refine(({ pool, owner }) => (pool === undefined) !== (owner === undefined), {
    error: 'must name either a pool or an owner',
  })
  .refine(({ when, territory }) => when !== undefined || territory !== undefined, {
    error: 'must say when it applies; what applies to everybody is the catch-all',
  });
export type RuleTier = z.infer<typeof RuleTier>;

export const Tier = z.union([AccountOwnerTier, RuleTier]);
export type Tier = z.infer<typeof Tier>;

const Pool = z.strictObject({
  members: z
    .array(
      z.strictObject({
        email: z.string(),
        /** Without one, the weight of the salesperson counts. */
        weight: z.number().int().positive().optional(),
      }),
    )
    .min(1),
});

/** Where a lead goes that no tier could place; a queue always has room. */
const CatchAll = z.strictObject({ pool: Id.optional(), queue: Id, because: Because.optional() });

/** Who gets a lead: tiers are asked in order, and the first one with somebody free decides. */
export const RoutingPolicy = z.strictObject({
  $schema: z.string().optional(),
  tiers: z.array(Tier),
  /** Countries (ISO 3166-1 alpha-2) by territory. */
  territories: z.record(Id, z.array(z.string().regex(/^[A-Z]{2}$/)).min(1)).default({}),
  pools: z.record(Id, Pool),
  catchAll: CatchAll,
});
export type RoutingPolicy = z.infer<typeof RoutingPolicy>;
