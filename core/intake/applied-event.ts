import * as z from 'zod';
import { CanonicalEvent } from '#core/events.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { read, type Stored } from '#core/records/store.ts';

/** An event as kept: the proof that it was applied, and whether the bus has it. */
export const AppliedEvent = z.strictObject({
  event: CanonicalEvent,
  personId: z.string().optional(),
  /** Also true of what is not for the bus: history, and what was known. */
  published: z.boolean(),
  /** Of what was found by asking: whether the hub had missed it. */
  missed: z.boolean().optional(),
});
export type AppliedEvent = z.infer<typeof AppliedEvent>;

const eventKey = (id: string) => ({ pk: `EVENT#${id}`, sk: 'EVENT' });

export const readApplied = (
  records: Records,
  id: string,
): Promise<Stored<AppliedEvent> | undefined> => read(records, AppliedEvent, eventKey(id));

/** An event that was applied, by its id. */
export async function appliedEvent(
  records: Records,
  id: string,
): Promise<CanonicalEvent | undefined> {
  return (await readApplied(records, id))?.data.event;
}

export const eventItem = (applied: AppliedEvent, version: number): Item => ({
  ...eventKey(applied.event.id),
  type: 'event',
  version,
  data: applied,
});
