import type { CanonicalEvent, EventOf } from '#core/events.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { Handoff, handoffId, handoffItem, handoffKey } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';

/**
 * The open hand-off of somebody whose records a vendor merged goes by the record that is left: to
 * the one that is gone nothing can be written any more.
 */
export async function followRecord(
  records: Records,
  event: CanonicalEvent,
  person: Person | undefined,
): Promise<Write[]> {
  if (event.type !== 'person.merged' || person === undefined || person.cycle === 0) return [];
  const stored = await read(records, Handoff, handoffKey(handoffId(person.id, person.cycle)));
  const crm = stored?.data.crm;
  if (stored === undefined || crm === undefined || !isGone(event, crm)) return [];
  const { kind, id } = event.into;
  const handoff = { ...stored.data, crm: { ...crm, record: { kind, id } } };
  return [{ put: handoffItem(handoff, stored.version + 1), if: { version: stored.version } }];
}

const isGone = (
  { into, from }: EventOf<'person.merged'>,
  crm: { readonly connection: string; readonly record: VendorRecord },
): boolean =>
  into.connection === crm.connection &&
  from.some(
    ({ connection, kind, id }) =>
      connection === crm.connection && kind === crm.record.kind && id === crm.record.id,
  );
