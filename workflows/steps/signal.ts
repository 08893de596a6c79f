import * as z from 'zod';
import { Instant } from '#core/events.ts';

/** What ends a wait: the output with which `Runs.succeed` is called, bound to `$signal`. */
export const Signal = z.strictObject({
  /** The id of the canonical event, when it happened, and through which channel it came. */
  event: z.string(),
  at: Instant,
  via: z.string(),
  /** The e-mail address of the salesperson. */
  by: z.string(),
  /** How the opportunity was closed; `null` for the other waits. */
  outcome: z.enum(['won', 'lost']).nullable(),
});
export type Signal = z.infer<typeof Signal>;

/** The errors with which `Runs.fail` may end a wait. */
export const WAIT_ERRORS = {
  /** The cause is the reason code alone: it becomes `$reason` and reaches `hand-back`. */
  rejected: 'Handoff.Rejected',
  /** The clock was paused, snoozed or re-based: the run asks again how long to wait. */
  clockChanged: 'Clock.Changed',
} as const;
