import * as z from 'zod';
import { defineStep } from './step.ts';

export const enrich = defineStep({
  kind: 'enrich',
  summary: 'Asks the enrichment vendor for what is not known of the person yet.',
  fields: z.strictObject({
    within: z.iso.duration().meta({
      description: 'The longest wait for the vendor, e.g. PT3S; a late answer is a miss.',
    }),
  }),
  output: z.strictObject({ status: z.enum(['hit', 'miss', 'cached', 'skipped']) }),
  result: 'enrichment',
  lambda: 'act',
});
