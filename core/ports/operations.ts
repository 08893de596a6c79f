import type { Role } from '#core/operations.ts';

export interface OperationCall {
  /** The connection's name in the hub's configuration. */
  readonly connection: string;
  /** A verb of core/operations.ts or an operation of that vendor alone. */
  readonly operation: string;
  readonly input: unknown;
  /** The effect's idempotency key; a vendor that takes one gets it. */
  readonly key: string;
  /**
   * Set when an earlier try may have reached the vendor without our learning of it: an operation
   * that is not idempotent first looks for what that try left behind.
   */
  readonly recovering: boolean;
  /** Who goes first when the vendor's limits are near: what a salesperson waits for. */
  readonly urgency?: Urgency | undefined;
}

/** `clock` while somebody's clock depends on it, `usual` otherwise, `backfill` for what can wait for days. */
export type Urgency = 'clock' | 'usual' | 'backfill';

/** The vendors, as the core sees them: connections that can be called. */
export interface Operations {
  /** Throws HubErrors only. The answer has the shape of the operation's output schema. */
  call(call: OperationCall): Promise<unknown>;
  /** The connections that play a role, the preferred first; empty when nobody plays it. */
  inRole(role: Role): readonly string[];
  /** The names of the fields that an operation takes. */
  fieldsOf(connection: string, operation: string): readonly string[];
  /** The connections of a vendor, in the order in which they are configured. */
  ofVendor(vendor: string): readonly string[];
}
