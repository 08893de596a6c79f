import * as z from 'zod';
import { Condition } from '#core/scoring/condition.ts';

const Id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens');
const Because = z.string().min(1).max(160);
const Count = z.number().int().positive();

/**
 * What comes before what in a policy, from what binds to what is fair. The first six say who may
 * have a lead, the others who does; after all of them comes the catch-all.
 */
export const PRECEDENCE = [
  'contract',
  'named',
  'open-opportunity',
  'account-owner',
  'territory',
  'skill',
  'capacity',
  'fair',
] as const;

const Precedence = z.enum(PRECEDENCE).optional().meta({
  description: 'What kind of rule it is; tiers that say so must stand in this order.',
});

/** Whoever has the target, is in a deal, or owns the account, gets the account's people. */
const OwnerTier = z.strictObject({
  id: Id,
  use: z.enum(['target-owner', 'open-opportunity', 'account-owner']),
  precedence: Precedence,
  because: Because,
});

export type OwnerTier = z.infer<typeof OwnerTier>;

/** What members must be able to do: all of the skills, and one of the languages. */
const Requires = z
  .strictObject({
    skills: z.array(Id).min(1).optional(),
    languages: z
      .array(z.string().regex(/^[a-z]{2}$/, 'must be a language of two letters, such as de'))
      .min(1)
      .optional(),
  })
  .refine(({ skills, languages }) => skills !== undefined || languages !== undefined, {
    error: 'must name skills or languages',
  });
export type Requires = z.infer<typeof Requires>;

/** A named rule: who, when the condition is true or the lead lies in the territory. */
const RuleTier = z
  .strictObject({
    id: Id,
    precedence: Precedence,
    when: Condition.optional(),
    /** Only members of the pool who serve this territory are asked. */
    territory: Id.optional(),
    /** Only members of the pool who can do this are asked. */
    requires: Requires.optional(),
    pool: Id.optional(),
    /** The e-mail address of one salesperson. */
    owner: z.string().optional(),
    because: Because,
  })
  .refine(({ pool, owner }) => (pool === undefined) !== (owner === undefined), {
    error: 'must name either a pool or an owner',
  })
  .refine(({ requires, pool }) => requires === undefined || pool !== undefined, {
    error: 'must name a pool, of which those are asked who can do what it requires',
    path: ['requires'],
  })
  .refine(({ when, territory }) => when !== undefined || territory !== undefined, {
    error: 'must say when it applies; what applies to everybody is the catch-all',
  });
export type RuleTier = z.infer<typeof RuleTier>;

export const Tier = z.union([OwnerTier, RuleTier]);
export type Tier = z.infer<typeof Tier>;

/** How a new member's share grows to the whole. */
const Ramp = z.strictObject({
  weeks: Count,
  startAt: z.number().positive().max(100).meta({ description: 'Percent of the whole share.' }),
});
export type Ramp = z.infer<typeof Ramp>;

/** From how many leads on somebody gets no more; for pools only, not for an account's owner. */
export const RoutingCaps = z.strictObject({
  perDay: Count.optional(),
  /** Within seven days. */
  perWeek: Count.optional(),
  open: Count.optional(),
});

const Pool = z.strictObject({
  members: z
    .array(
      z.strictObject({
        email: z.string(),
        /** Without one, the weight of the salesperson counts. */
        weight: Count.optional(),
      }),
    )
    .min(1),
  by: z.enum(['smooth', 'stride', 'least-loaded']).default('smooth').meta({
    description:
      'smooth spreads turns by weight; stride does so in clumps; least-loaded leans to who has less open.',
  }),
  onReturn: z.enum(['level', 'catch-up', 'credit']).default('level').meta({
    description:
      'What becomes of turns missed while away: forgotten, given back at once, or by a double share.',
  }),
  ramp: Ramp.optional(),
  /** For members who have none of their own. */
  caps: RoutingCaps.optional(),
});
export type Pool = z.infer<typeof Pool>;

/** Where a lead goes that no tier could place; a queue always has room. */
const CatchAll = z.strictObject({ pool: Id.optional(), queue: Id, because: Because.optional() });

const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be a country code of two capitals, such as DE');

/** Countries that belong to a territory for a time. Dates are in UTC, both ends included. */
const CountriesForATime = z
  .strictObject({
    countries: z.array(Country).min(1),
    validFrom: z.iso.date().optional(),
    validTo: z.iso.date().optional(),
  })
  .refine(({ validFrom = '', validTo = '9999-12-31' }) => validFrom <= validTo, {
    error: 'must not end before it starts',
    path: ['validTo'],
  });

/** Countries (ISO 3166-1 alpha-2), for good or for a time. */
const Territory = z.array(z.union([Country, CountriesForATime])).min(1);
export type Territory = z.infer<typeof Territory>;

/** Who gets a lead: tiers are asked in order, and the first one with somebody free decides. */
export const RoutingPolicy = z.strictObject({
  $schema: z.string().optional(),
  tiers: z.array(Tier),
  territories: z.record(Id, Territory).default({}),
  pools: z.record(Id, Pool),
  catchAll: CatchAll,
});
export type RoutingPolicy = z.infer<typeof RoutingPolicy>;
