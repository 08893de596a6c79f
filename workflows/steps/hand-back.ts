import * as z from 'zod';
import { defineStep } from './step.ts';

export const handBack = defineStep({
  kind: 'hand-back',
  summary: 'Returns the person to a nurture track with a reason, and ends the run.',
  fields: z.strictObject({
    reason: z
      .string()
      .optional()
      .meta({ description: "Overrides the run's own reason: no_action, or why it was rejected." }),
    track: z
      .string()
      .optional()
      .meta({ description: 'The nurture track; without it the one that the reason leads to.' }),
  }),
  refers: { reason: 'reason', track: 'track' },
  output: z.strictObject({ track: z.string(), reason: z.string() }),
  result: 'nurture',
  lambda: 'act',
  ends: true,
});
