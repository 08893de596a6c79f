import * as z from 'zod';
import { Instant } from '#core/events.ts';

/** One thing a vendor told us, verified and cut from its batch, not yet understood. */
export const Envelope = z.strictObject({
  /** The same news delivered twice has the same id: hash of connection and dedupe key. */
  id: z.string(),
  connection: z.string(),
  vendor: z.string(),
  receivedAt: Instant,
  /** Envelopes of one group are processed one after the other, in order of arrival. */
  group: z.string(),
  dedupeKey: z.string(),
  /** The vendor's own words, as JSON. */
  body: z.unknown(),
  /** Set where the hub asked for it: `stream` found it, beside what the vendor sends by itself. */
  backfill: z.literal(true).optional(),
  stream: z.string().optional(),
  /** When its stream had last been read to the end: what happened after that nobody could know. */
  unseenSince: Instant.optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** The durable queue between the web and intake: first in, first out per group, at least once. */
export interface Inbox {
  /**
   * Stores envelopes durably before it resolves. One whose id is already there is not stored again.
   * Answers how many of them the inbox knows to be repeats (the cloud's queue never knows: 0).
   */
  put(envelopes: readonly Envelope[]): Promise<{ repeats: number }>;
}
