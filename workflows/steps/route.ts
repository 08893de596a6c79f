import * as z from 'zod';
import { defineStep } from './step.ts';

export const Route = z.strictObject({
  /** `null` when no rule found a salesperson. */
  owner: z.string().nullable(),
  queue: z.string().nullable(),
  rule: z.string(),
  /** The policy that chose, so that a reassignment asks the same one. */
  policy: z.string(),
});
export type Route = z.infer<typeof Route>;

export const route = defineStep({
  kind: 'route',
  summary: 'Chooses the salesperson or the queue by a routing policy; assigns nothing yet.',
  fields: z.strictObject({
    policy: z.string().meta({ description: 'The id of a routing policy of the playbook.' }),
  }),
  refers: { policy: 'routing policy' },
  output: Route,
  result: 'route',
  lambda: 'decide',
});
