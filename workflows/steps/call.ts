import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { Awaited } from '#core/records/handoff.ts';
import { Agreed } from './agree.ts';
import { ClockState } from './clock.ts';
import { HandoffState } from './hand-off.ts';
import { Route } from './route.ts';
import { Score } from './score.ts';

/**
 * What every step's Lambda is called with, on both platforms. `(run, step, handoff.round)` names
 * an effect once and for all: a retry carries the same three, the next round another.
 */
export const StepCall = z.strictObject({
  /** A kind of the registry, or `<vendor>.<operation>`. */
  use: z.string(),
  /** The step's id in its workflow. */
  step: z.string(),
  workflow: z.string(),
  /** The execution's name, which is the run's idempotency key. */
  run: z.string(),
  /** The id of the person the run is about, and of the event that started it. */
  person: z.string(),
  event: z.string(),
  /** When the state was entered; the same for every retry, so it can stand for "now" in a decision. */
  entered: Instant,
  /** The step's `with` as authored, its templates evaluated. */
  with: z.record(z.string(), z.unknown()),
  handoff: HandoffState.nullable(),
  score: Score.nullable(),
  route: Route.nullable(),
  /** Absent in runs that began before there was an agreement to ask. */
  agreement: Agreed.nullable().optional(),
  /** Why the run left its straight path: `no_action` after a breach, or the rejection's reason. */
  reason: z.string().nullable(),
  /** The connection an operation step names; absent: the first of its vendor. */
  connection: z.string().optional(),
  /** What the step's `await` waits for; on `open-clock`, `climb` and the wait itself. */
  awaits: Awaited.optional(),
  /** How the clock stands; on `climb` and the wait itself. */
  clock: ClockState.optional(),
  /** The task token; on the wait itself alone. */
  token: z.string().optional(),
});
export type StepCall = z.infer<typeof StepCall>;

/** The `use` of the call that registers a wait's token. */
export const WAIT = 'wait';
