import * as z from 'zod';
import { WANTED } from '#core/steps/enrich.ts';
import { defineStep } from './step.ts';

export const enrich = defineStep({
  kind: 'enrich',
  summary: 'Asks the enrichment vendors in turn for what is not known of the person yet.',
  fields: z.strictObject({
    within: z
      .string()
      .regex(/^PT([1-9]|[1-5]\d)S$/, 'must be 1 to 59 seconds, such as PT3S')
      .meta({ description: 'The longest wait for all vendors; a later answer is a miss.' }),
    callsPerDay: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'The most calls a day (UTC) to each vendor; without it, no bound.' }),
    prefer: z.partialRecord(z.enum(WANTED), z.string().min(1)).optional().meta({
      description:
        'By field, the connection whose word counts where several know; it is asked for that, too.',
    }),
  }),
  output: z.strictObject({ status: z.enum(['hit', 'miss', 'cached', 'skipped']) }),
  result: 'enrichment',
  lambda: 'act',
});
