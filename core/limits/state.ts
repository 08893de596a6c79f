import * as z from 'zod';
import { CLOSED } from './breaker.ts';

const Grants = z.array(z.tuple([z.number(), z.number()]).readonly()).readonly();

/** All that the workers of one connection share: times are epoch milliseconds. */
export const ConnectionState = z.object({
  /** What was granted of each rate. */
  rates: z.record(z.string(), Grants),
  day: z
    .object({
      resetsAt: z.number(),
      used: z.number(),
      grants: Grants,
      reading: z.object({ most: z.number(), left: z.number(), at: z.number() }).optional(),
      warned: z.boolean(),
    })
    .optional(),
  /** Limits that the vendor said were reached, and until when they rest; `forMs` bounds it after a clock went back. */
  pauses: z.record(z.string(), z.object({ until: z.number(), forMs: z.number() })),
  /** Calls that may be under way at once, by worker, and until when they are its own. */
  permits: z.record(z.string(), z.object({ calls: z.number(), until: z.number() })),
  breaker: z.object({
    failures: z.number(),
    lastFailureAt: z.number().optional(),
    open: z
      .object({
        since: z.number(),
        probeAt: z.number(),
        pauseMs: z.number(),
        probing: z.boolean(),
      })
      .optional(),
  }),
});
export type ConnectionState = z.infer<typeof ConnectionState>;

export const FRESH: ConnectionState = { rates: {}, pauses: {}, permits: {}, breaker: CLOSED };
