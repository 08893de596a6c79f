import * as z from 'zod';
import { RungAction } from '#core/clocks/running.ts';

const Minutes = z.int().min(1).max(1440);

/** How people hear of the rungs of ladders; without it each alert goes out by itself and at once. */
export const AlertPolicy = z.strictObject({
  /** More alerts for one place than this within so many minutes become one message that lists them. */
  group: z.strictObject({ moreThan: z.int().min(1).max(50), withinMinutes: Minutes }).optional(),
  quiet: z
    .strictObject({
      /** Rungs of which people hear outside their working hours as well. */
      loud: z.array(RungAction.extract(['remind', 'breach', 'escalate', 'warn'])).default([]),
      /** The calendar by which the alert channel is quiet; without one it never is. */
      channelCalendar: z.string().optional(),
    })
    .optional(),
  /** Who hears in place of a manager who is away or of none: the first who is not away. */
  onCall: z.array(z.string()).default([]),
  /** An alert that can't be sent is tried again so often, at growing distances from so many minutes on. */
  retry: z.strictObject({ atMost: z.int().min(1).max(10), afterMinutes: Minutes }),
});
export type AlertPolicy = z.infer<typeof AlertPolicy>;
