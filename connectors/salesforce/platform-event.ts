import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import { groupOf, type SalesforceChange } from './change.ts';
import type { BusEvent } from './change-event.ts';
import type { SalesforceSettings } from './credentials.ts';
import { entityOf } from './records.ts';

const Payload = z.looseObject({
  EventUuid: z.string().min(1),
  /** Text over the event relay, milliseconds over other ways. */
  CreatedDate: z.union([z.string(), z.number()]),
  CreatedById: z.string().optional(),
});

/**
 * What a platform event tells: that a record is worth a look, because an automation of the
 * organisation says so. None for an event that names no record which the hub follows.
 */
export function platformDeliveries(event: BusEvent, settings: SalesforceSettings): Delivery[] {
  const payload = Payload.safeParse(event.detail.payload);
  if (!payload.success) return [];
  const { EventUuid, CreatedDate, CreatedById, ...fields } = payload.data;
  const recordId = String(fields[settings.platformEventRecordField] ?? '');
  const entity = entityOf(recordId);
  if (entity === undefined) return [];
  const change: SalesforceChange = {
    entity,
    recordId,
    kind: 'NOTIFIED',
    at: new Date(CreatedDate).toISOString(),
    ...(CreatedById === undefined ? {} : { user: CreatedById }),
    changed: [],
    fields,
  };
  const group = groupOf(settings.organizationId, entity, recordId);
  // Replay ids start anew when an organisation moves; this one is of the event alone.
  return [{ dedupeKey: EventUuid, group, body: change }];
}
