import * as z from 'zod';
import { Role } from '#core/operations.ts';

/** One configured account of a vendor. Secrets are not in here: they come through the port. */
export const Connection = z.strictObject({
  /** The name in URLs, records and the log. */
  name: z.string().regex(/^[a-z][a-z0-9-]*$/),
  vendor: z.string(),
  /** What the hub uses this connection for; a connection without a role only brings events in. */
  roles: z.array(Role).default([]),
  /** Checked by the connector's own schema. */
  settings: z.record(z.string(), z.unknown()).default({}),
});
export type Connection = z.infer<typeof Connection>;
