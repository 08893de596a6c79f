import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import { creationKey, groupOf, isNew, type SalesforceChange } from './change.ts';

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

/** What an event bus delivers: the relay's source names organisation and channel. */
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
 * One delivery for each record that a change event is about, and one for an overflow, which names
 * no records; none for an event without the header of changes.
 */
export function deliveriesOf(event: BusEvent, organizationId: string): Delivery[] {
  const { ChangeEventHeader: header, ...fields } = event.detail.payload;
  if (header === undefined) return [];
  // Ids of an overflow are made up: what matters is which kind of record it is about.
  const recordIds = header.changeType === 'GAP_OVERFLOW' ? [''] : header.recordIds;
  return recordIds.map((recordId) => {
    const change = changeOf(header, recordId, fields);
    return {
      dedupeKey: isNew(change)
        ? creationKey(header.entityName, recordId)
        : `${header.transactionKey}:${header.sequenceNumber}:${recordId || header.entityName}`,
      group: groupOf(organizationId, header.entityName, recordId),
      body: change,
    };
  });
}

function changeOf(
  header: Header,
  recordId: string,
  fields: Readonly<Record<string, unknown>>,
): SalesforceChange {
  const client = /(?:^|;)client=([^;]*)/.exec(header.changeOrigin ?? '')?.[1];
  const nulled = header.nulledFields ?? [];
  const names = [...(header.changedFields ?? Object.keys(fields)), ...nulled];
  return {
    entity: header.entityName,
    recordId,
    kind: KINDS[header.changeType] ?? 'GAP',
    at: new Date(header.commitTimestamp).toISOString(),
    ...(header.commitUser === undefined ? {} : { user: header.commitUser }),
    ...(client === undefined ? {} : { client }),
    // `Name.LastName` is a change of `Name`.
    changed: [...new Set(names.map((name) => name.split('.')[0] ?? name))],
    fields: { ...fields, ...Object.fromEntries(nulled.map((name) => [name, null])) },
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
  GAP_OVERFLOW: 'OVERFLOW',
};
