import * as z from 'zod';
import { sameId } from './records.ts';

/**
 * One change of one record, whichever way Salesforce told it: the rest of the connector does not
 * know outbound messages from change events.
 */
export const SalesforceChange = z.strictObject({
  entity: z.string(),
  recordId: z.string(),
  /** `NOTIFIED`: an outbound message, which tells a state and not what led to it. */
  kind: z.enum(['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP', 'GAP_CREATE', 'NOTIFIED']),
  at: z.string(),
  /** Who changed it, where that is told: a user's id. */
  user: z.string().optional(),
  /** The client that the change came through. */
  client: z.string().optional(),
  /** Names of the changed fields, without the parts of compound ones. */
  changed: z.array(z.string()),
  /** The fields that came along. */
  fields: z.record(z.string(), z.unknown()),
});
export type SalesforceChange = z.infer<typeof SalesforceChange>;

/** What every event that comes out of one change has in common. */
export interface News {
  readonly at: string;
  readonly sourceId: string;
}

/** Whether the hub itself made the change. */
export function isEcho(
  change: SalesforceChange,
  settings: { clientName: string; integrationUserId?: string | undefined },
): boolean {
  return change.client === settings.clientName || sameId(change.user, settings.integrationUserId);
}

/** A field of the change as text; `undefined` when it did not come along or was emptied. */
export function textOf(change: SalesforceChange, field: string): string | undefined {
  const value = change.fields[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
