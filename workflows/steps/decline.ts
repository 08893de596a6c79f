import * as z from 'zod';
import { defineStep } from './step.ts';

export const decline = defineStep({
  kind: 'decline',
  summary: 'Closes the lead as disqualified, with the rule that says why, and ends the run.',
  fields: z.strictObject({ reason: z.string().optional() }),
  refers: { reason: 'reason' },
  output: z.strictObject({ reason: z.string() }),
  result: 'declined',
  lambda: 'act',
  ends: true,
});
