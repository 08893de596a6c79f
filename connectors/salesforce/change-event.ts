import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import type { SalesforceChange } from './change.ts';

const Header = z.object({
  entityName: z.string(),
  recordIds: z.array(z.string()),
  changeType: z.string(),
  changeOrigin: z.string().optional(),
  transactionKey: z.string(),
  sequenceNumber: z.number(),
  commitTimestamp: z.number(),
  commitUser: z.string().optional(),
  nulledFields: z.array(z.string()).optional(),
  changedFields: z.array(z.string()).optional(),
});
type Header = z.infer<typeof Header>;

/** A change event as an event bus delivers it: the relay's source names organisation and channel. */
export const BusEvent = z.object({
  source: z.string(),
  detail: z.object({ payload: z.looseObject({ ChangeEventHeader: Header.optional() }) }),
});
export type BusEvent = z.infer<typeof BusEvent>;

/** The organisation that an event comes from. */
export function organizationOf(event: BusEvent): string | undefined {
  return /^aws\.partner\/salesforce\.com\/(\w+)\//.exec(event.source)?.[1];
}

/**
 * One delivery for each record that a change event is about; none for a platform event, which
 * is no change of a record, and for an overflow, which names no records.
 */
export function deliveriesOf(event: BusEvent, organizationId: string): Delivery[] {
  const { ChangeEventHeader: header, ...fields } = event.detail.payload;
  if (header === undefined || header.changeType === 'GAP_OVERFLOW') return [];
  return header.recordIds.map((recordId) => ({
    dedupeKey: `${header.transactionKey}:${header.sequenceNumber}:${recordId}`,
    group: `${organizationId.slice(0, 15)}:${header.entityName}:${recordId.slice(0, 15)}`,
    body: changeOf(header, recordId, fields),
  }));
}

function changeOf(
  header: Header,
  recordId: string,
  fields: Readonly<Record<string, unknown>>,
): SalesforceChange {
  const client = /(?:^|;)client=([^;]*)/.exec(header.changeOrigin ?? '')?.[1];
  const names = header.changedFields ?? [...Object.keys(fields), ...(header.nulledFields ?? [])];
  return {
    entity: header.entityName,
    recordId,
    kind: KINDS[header.changeType] ?? 'GAP',
    at: new Date(header.commitTimestamp).toISOString(),
    ...(header.commitUser === undefined ? {} : { user: header.commitUser }),
    ...(client === undefined ? {} : { client }),
    // `Name.LastName` is a change of `Name`.
    changed: [...new Set(names.map((name) => name.split('.')[0] ?? name))],
    fields: { ...fields },
  };
}

/** A gap carries no fields: all that is known is that the record is worth a look. */
const KINDS: Record<string, SalesforceChange['kind']> = {
  CREATE: 'CREATE',
  UPDATE: 'UPDATE',
  DELETE: 'DELETE',
  UNDELETE: 'UNDELETE',
  GAP_CREATE: 'GAP_CREATE',
  GAP_UPDATE: 'GAP',
  GAP_DELETE: 'DELETE',
  GAP_UNDELETE: 'GAP',
};
