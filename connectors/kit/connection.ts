import * as z from 'zod';
import { Instant } from '#core/events.ts';
import { Role } from '#core/operations.ts';

/** How a stream is asked, in place of how its connector says. */
const Polling = z.union([
  z.literal(false),
  z.strictObject({ everyMinutes: z.number().int().min(1).max(1_440) }),
]);

/** What a gap is filled with. */
const Backfill = z.strictObject({
  /** Where the first reading of each stream begins: when the connection is first seen by default. */
  from: Instant.optional(),
  /** Found by asking and older than this, it only fills records; ISO 8601 in days, hours, minutes. */
  actOn: z
    .string()
    .regex(
      /^P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?)?$/,
      'must be like P1D or PT6H: days, hours, minutes',
    )
    .optional(),
});

/** One configured account of a vendor. Secrets are not in here: they come through the port. */
export const Connection = z.strictObject({
  /** The name in URLs, records and the log. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  vendor: z.string(),
  /** What the hub uses this connection for; a connection without a role only brings events in. */
  roles: z.array(Role).default([]),
  /** Checked by the connector's own schema. */
  settings: z.record(z.string(), z.unknown()).default({}),
  /** By the names of the connector's streams; one that is not named is asked as the connector says. */
  poll: z.record(z.string(), Polling).optional(),
  backfill: Backfill.optional(),
  /**
   * How much of the calls that the connector allows itself: less than 1 where others use the
   * account too, more where the vendor sold more.
   */
  share: z.number().positive().optional(),
});
export type Connection = z.infer<typeof Connection>;
