import * as z from 'zod';
import { defineStep } from './step.ts';

export const brief = defineStep({
  kind: 'brief',
  summary: 'Writes the briefing that the salesperson reads.',
  fields: z.strictObject({}),
  output: z.strictObject({ briefingId: z.string() }),
  result: 'briefing',
  lambda: 'decide',
});
