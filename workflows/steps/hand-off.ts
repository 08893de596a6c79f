import * as z from 'zod';
import { defineStep } from './step.ts';

/** The hand-off as a run carries it; the rest is in its record. */
export const HandoffState = z.strictObject({
  id: z.string(),
  /** Counts the owners it was given to, from 0. */
  round: z.number().int().nonnegative(),
  owner: z.string(),
  lane: z.string(),
});
export type HandoffState = z.infer<typeof HandoffState>;

export const handOff = defineStep({
  kind: 'hand-off',
  summary: 'Gives the person to whom the route chose: CRM owner, task, message with the briefing.',
  fields: z.strictObject({
    clock: z.string().optional().meta({
      description: 'The clock by which its owner is to answer; "accept" without it.',
    }),
  }),
  refers: { clock: 'clock' },
  usual: { clock: 'accept' },
  output: HandoffState,
  result: 'handoff',
  lambda: 'act',
  needs: ['route'],
});
