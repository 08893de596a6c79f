import * as z from 'zod';
import { HandoffState } from './hand-off.ts';
import { defineStep } from './step.ts';

/** The longest timeout a state may have. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const LONGEST_TIMEOUT_SECONDS = 99_999_999;

/** How the running clock of a wait stands: how long until its next rung, or that it has breached. */
export const ClockState = z.strictObject({
  clockId: z.string(),
  /** At least 1, because a state can't time out at once; core rounds up. */
  secondsToNextRung: z.int().min(1).max(LONGEST_TIMEOUT_SECONDS),
  outcome: z.enum(['wait', 'breached']),
  /** The hand-off, where a rung gave it to somebody else. */
  handoff: HandoffState.optional(),
});
export type ClockState = z.infer<typeof ClockState>;

const fields = z.strictObject({ clock: z.string() });

export const openClock = defineStep({
  kind: 'open-clock',
  summary: "Starts a wait's clock for the owner of the hand-off, or finds it running already.",
  fields,
  refers: { clock: 'clock' },
  output: ClockState,
  result: 'clock',
  lambda: 'decide',
  needs: ['handoff'],
  internal: true,
});

export const climb = defineStep({
  kind: 'climb',
  summary:
    "Acts on the rungs of the clock's ladder that are due: remind, escalate, reassign, breach.",
  fields,
  refers: { clock: 'clock' },
  output: ClockState,
  result: 'clock',
  lambda: 'act',
  needs: ['handoff'],
  internal: true,
});
