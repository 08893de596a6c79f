import * as z from 'zod';
import { HandoffState } from './hand-off.ts';
import { defineStep } from './step.ts';

/** Raised when the bound is reached or nobody is left to ask. */
const EXHAUSTED = 'Reassign.Exhausted';

export const reassign = defineStep({
  kind: 'reassign',
  summary: 'Takes the hand-off from its owner and gives it to the next candidate of its policy.',
  fields: z.strictObject({
    atMost: z
      .int()
      .min(1)
      .max(20)
      .meta({ description: 'How often one hand-off may change hands before onExhausted.' }),
  }),
  output: HandoffState,
  result: 'handoff',
  lambda: 'act',
  needs: ['handoff'],
  outcomes: { [EXHAUSTED]: 'onExhausted' },
});
