import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Item } from '#core/ports/records.ts';

/** One line of a person's timeline: an event, a decision with its reasons, or an effect. */
export const LogEntry = z.strictObject({
  at: Instant,
  kind: z.enum(['event', 'decision', 'effect', 'clock']),
  /** What happened, in words a salesperson reads. */
  title: z.string(),
  /** Inputs, rule, candidates, runner-up, points: whatever explains it. */
  detail: z.record(z.string(), z.unknown()),
  /** Which of the entries of one instant came first. */
  order: z.number(),
});
export type LogEntry = z.infer<typeof LogEntry>;

export const LOG_PREFIX = 'LOG#';

/** `key` makes the entry the same one when the same thing is logged twice. */
export function logItem(
  hub: Pick<Hub, 'order'>,
  personId: string,
  key: string,
  entry: Omit<LogEntry, 'order'>,
): Item {
  return {
    pk: `PERSON#${personId}`,
    sk: `${LOG_PREFIX}${entry.at}#${shortHash(entry.kind, key)}`,
    type: 'log',
    version: 1,
    data: { ...entry, order: hub.order() },
  };
}

/** A timeline in order: by when it happened, then by which came first. */
export const inOrder = (left: LogEntry, right: LogEntry) =>
  left.at.localeCompare(right.at) || left.order - right.order;
