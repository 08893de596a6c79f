import * as z from 'zod';
import { sameId } from './records.ts';

/**
 * One change of one record, whichever way Salesforce told it: the rest of the connector does not
 * know outbound messages from change events, callouts or rows of a stream.
 */
export const SalesforceChange = z.strictObject({
  entity: z.string(),
  /** Empty for an overflow, which names no records. */
  recordId: z.string(),
  /** `NOTIFIED`: a state, without what led to it. */
  kind: z.enum([
    'CREATE',
    'UPDATE',
    'DELETE',
    'UNDELETE',
    'GAP',
    'GAP_CREATE',
    'NOTIFIED',
    'OVERFLOW',
  ]),
  at: z.string(),
  /** Who changed it, where that is told: a user's id. */
  user: z.string().optional(),
  /** The client that the change came through. */
  client: z.string().optional(),
  /** Names of the changed fields, without the parts of compound ones. */
  changed: z.array(z.string()),
  /** The fields that came along; `null` where one was emptied. */
  fields: z.record(z.string(), z.unknown()),
  /** Set where `fields` are all that the hub reads of such a record: there is no need to ask. */
  whole: z.literal(true).optional(),
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

/**
 * The key of a record's creation. A record is made once, so whoever tells of it first is believed
 * and the others are repeats: a relay and a stream know nothing of each other.
 */
export function creationKey(entity: string, recordId: string): string {
  return `${entity}:${recordId.slice(0, 15)}:created`;
}

/** The group of a record's changes, which are processed in order. */
export function groupOf(organizationId: string, entity: string, recordId: string): string {
  return `${organizationId.slice(0, 15)}:${entity}:${recordId.slice(0, 15)}`;
}

/** Salesforce sends an outbound message within this time of what caused it. */
const AT_ONCE_MS = 5_000;

/** Whether a record came to be by this change. Of a row of a stream, the stream says so itself. */
export function isNew(change: SalesforceChange): boolean {
  if (change.kind !== 'NOTIFIED') return change.kind === 'CREATE' || change.kind === 'GAP_CREATE';
  const createdAt = Date.parse(textOf(change, 'CreatedDate') ?? '');
  return change.whole !== true && Math.abs(Date.parse(change.at) - createdAt) < AT_ONCE_MS;
}
