import * as z from 'zod';
import { Grade, Lane, Rating } from '#core/scoring/model.ts';
import { defineStep } from './step.ts';

export const Score = z.strictObject({
  rating: Rating,
  grade: Grade,
  lane: Lane,
  fit: z.number(),
  engagement: z.number(),
  /** The rule that disqualified, where one did. */
  disqualifiedBy: z.string().nullable(),
});
export type Score = z.infer<typeof Score>;

export const score = defineStep({
  kind: 'score',
  summary: 'Rates the person by a scoring model and says which lane fits.',
  fields: z.strictObject({
    model: z.string().meta({ description: 'The id of a scoring model of the playbook.' }),
    challenger: z.string().optional().meta({
      description: 'Another model, whose rating is kept beside the first and decides nothing.',
    }),
  }),
  refers: { model: 'scoring model', challenger: 'scoring model' },
  output: Score,
  result: 'score',
  lambda: 'decide',
});
