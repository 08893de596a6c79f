import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';

/** One of them at least; each opens its own way in, or the way out. */
export const SegmentCredentials = z
  .strictObject({
    /** Of the webhook destination: signs single events. */
    sharedSecret: z.string().min(1).optional(),
    /** Of the tracking API: what the client libraries and the website's script are given. */
    writeKey: z.string().min(1).optional(),
    /**
     * Sent as `Authorization: Bearer …` by senders that sign nothing or only the first event of a
     * batch (Segment's webhook with batching on).
     */
    bearerToken: z.string().min(16).optional(),
    /** Of the source at Segment to which conversions are sent. */
    sourceWriteKey: z.string().min(1).optional(),
  })
  .refine((given) => Object.values(given).some((one) => one !== undefined), {
    message: 'give a sharedSecret, a writeKey, a bearerToken or a sourceWriteKey',
  });
export type SegmentCredentials = z.infer<typeof SegmentCredentials>;

/** An origin as browsers send it: scheme, host and port, no path. */
const Site = z.string().regex(/^https?:\/\/[^/\s]+$/, 'must be an origin: https://www.example.com');

export const SegmentSettings = z.strictObject({
  ...AnalyticsSettings.shape,
  /** The websites whose pages may call the tracking API from a browser. */
  sites: z.array(Site).default([]),
  /** Segment's own tracking API; there is another one for workspaces in the EU. */
  baseUrl: z.url().default('https://api.segment.io'),
});
export type SegmentSettings = z.infer<typeof SegmentSettings>;

export type SegmentContext = OperationContext<SegmentCredentials, SegmentSettings>;
