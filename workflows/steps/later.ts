import { isHubError } from '#core/errors.ts';

/** The error by which a step says that it can't be done before a time that its message begins with. */
export const LATER = 'HubError.later';

/** What is told to wait for longer than the tries of a step lie apart is not tried before. */
const HOUR_MS = 3_600_000;

/** A step that was told so for longer than this fails like any other: somebody ought to look. */
const LONGEST_MS = 8 * 24 * HOUR_MS;

/**
 * What a step throws for an error: where a vendor said that it takes nothing for hours (the quota of
 * its day is used up), an error by which the run waits as long and then does the step again.
 */
export function orLater(error: unknown, entered: string, now: Date): unknown {
  const waitMs = isHubError(error, 'retry') ? (error.retryAfterMs ?? 0) : 0;
  const until = now.getTime() + waitMs;
  if (waitMs <= HOUR_MS || until > Date.parse(entered) + LONGEST_MS) return error;
  const later = new Error(`${Math.ceil(waitMs / 1000)} seconds: ${String(error)}`);
  later.name = LATER;
  return later;
}

/** When what was thrown asks the run to go on; `undefined` for any other error. */
export const laterThan = (error: unknown, now: Date): Date | undefined =>
  error instanceof Error && error.name === LATER
    ? new Date(now.getTime() + Number.parseInt(error.message, 10) * 1000)
    : undefined;
