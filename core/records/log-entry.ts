import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Item } from '#core/ports/records.ts';

/** One line of a person's timeline: an event, a decision with its reasons, or an effect. */
export const LogEntry = z.strictObject({
  at: Instant,
  kind: z.enum(['event', 'decision', 'effect', 'clock']),
  /** What happened, in words a salesperson reads. */
  title: z.string(),
  /** Inputs, rule, candidates, runner-up, points: whatever explains it. */
  detail: z.record(z.string(), z.unknown()),
});
export type LogEntry = z.infer<typeof LogEntry>;

export const LOG_PREFIX = 'LOG#';

/** `key` makes the entry the same one when the same thing is logged twice. */
export function logItem(personId: string, key: string, entry: LogEntry): Item {
  return {
    pk: `PERSON#${personId}`,
    sk: `${LOG_PREFIX}${entry.at}#${shortHash(entry.kind, key)}`,
    type: 'log',
    version: 1,
    data: entry,
  };
}
