import * as z from 'zod';
import { TouchKind } from '#core/events.ts';

/** One of them at least; each opens its own way in. */
export const SegmentCredentials = z
  .strictObject({
    /** Of the webhook destination: signs single events. */
    sharedSecret: z.string().min(1).optional(),
    /** Of the tracking API: what the client libraries are given. */
    writeKey: z.string().min(1).optional(),
    /**
     * Sent as `Authorization: Bearer …` by senders that sign nothing (RudderStack, Jitsu) or only
     * the first event of a batch (Segment's webhook with batching on).
     */
    bearerToken: z.string().min(16).optional(),
  })
  .refine((given) => Object.values(given).some((one) => one !== undefined), {
    message: 'give a sharedSecret, a writeKey or a bearerToken',
  });
export type SegmentCredentials = z.infer<typeof SegmentCredentials>;

/** What a track event may mean. */
export const SegmentMeaning = z.union([
  /** `hand-raise`: somebody asked to talk to sales. `form`: any other form. */
  z.enum(['hand-raise', 'form', 'unsubscribed', 'ignore']),
  TouchKind,
]);
export type SegmentMeaning = z.infer<typeof SegmentMeaning>;

export const SegmentSettings = z.strictObject({
  /** Event names of this site, beside the usual ones; case, `_` and `-` make no difference. */
  events: z.record(z.string(), SegmentMeaning).default({}),
  /**
   * What a track event means that has no name here. Ignored by default: a touch of a guessed kind
   * would move scores.
   */
  otherEvents: z.union([z.literal('ignore'), TouchKind]).default('ignore'),
});
export type SegmentSettings = z.infer<typeof SegmentSettings>;
