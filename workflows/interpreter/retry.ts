import { type Draft, openTimer } from './draft.ts';
import { matchesError, type StateFailure } from './failure.ts';
import type { RecoverableNode, Retrier } from './machine.ts';
import type { Frame, Visit } from './run-state.ts';

/** Whether the failed state will be tried again; if so the timer for it is set. */
export function retryLater(
  draft: Draft,
  frame: Frame,
  visit: Visit,
  node: RecoverableNode,
  failure: StateFailure,
): boolean {
  const position = node.retriers.findIndex((retrier) => matchesError(retrier.errors, failure));
  const retrier = node.retriers[position];
  if (retrier === undefined) return false;
  const used = visit.attempts[position] ?? 0;
  if (used >= retrier.maxAttempts) return false;
  visit.attempts = node.retriers.map(
    (_, index) => (visit.attempts[index] ?? 0) + (index === position ? 1 : 0),
  );
  visit.retryCount += 1;
  const delayMs = delaySeconds(retrier, used) * 1_000;
  const waitMs = retrier.jitter ? draft.env.random() * delayMs : delayMs;
  openTimer(draft, frame.id, 'retry', draft.env.now + Math.round(waitMs));
  return true;
}

function delaySeconds(retrier: Retrier, used: number): number {
  const delay = retrier.intervalSeconds * retrier.backoffRate ** used;
  return Math.min(delay, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
}
