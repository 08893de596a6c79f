import * as z from 'zod';
import { PersonFacts } from '#core/events.ts';
import { AccountFacts } from '#core/scoring/account-facts.ts';
import { Condition } from '#core/scoring/condition.ts';
import { Lane, Rating } from '#core/scoring/model.ts';
import { Parties, type Party, ReviewBy } from './parties.ts';

/** A lead made up for the clause, and whether the clause lets it through: run as a test. */
const Example = z.strictObject({
  name: z.string().min(1),
  person: PersonFacts,
  account: z.strictObject(AccountFacts.shape).optional(),
  rating: Rating.optional(),
  lane: Lane.optional(),
  holds: z.boolean().meta({ description: 'Whether the clause lets this lead through.' }),
});
export type Example = z.infer<typeof Example>;

export const Clause = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens'),
  /** What both teams read and sign. */
  text: z.string().min(1).max(300),
  when: Condition,
  lanes: z
    .array(Lane)
    .min(1)
    .optional()
    .meta({ description: 'The lanes the clause is about; leads of other lanes pass it unasked.' }),
  concernsCustomers: z.literal(true).optional().meta({ description: 'Service must sign as well.' }),
  examples: z.array(Example).min(1),
});
export type Clause = z.infer<typeof Clause>;

/** The definition of sales-ready, as both teams sign it. */
export const Agreement = z.strictObject({
  $schema: z.string().optional(),
  parties: Parties,
  reviewBy: ReviewBy,
  clauses: z.array(Clause).min(1),
});
export type Agreement = z.infer<typeof Agreement>;

/** Whose signatures an agreement needs: service's only where a clause concerns customers. */
export function mustSign({ clauses }: Pick<Agreement, 'clauses'>): Party[] {
  const service = clauses.some(({ concernsCustomers }) => concernsCustomers === true);
  return service ? ['marketing', 'sales', 'service'] : ['marketing', 'sales'];
}
