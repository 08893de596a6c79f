import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { VendorRecord } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { findMarked } from '../marked.ts';
import { markerOf } from '../marker.ts';
import { ASSOCIATION, createObject } from '../objects.ts';

const note = (id: string) => ({ note: { kind: 'note', id } });

/** HubSpot's limit, less the room that the marker takes. */
const MOST_TEXT = 65_000;

/** https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide */
export const createNote = defineOperation({
  summary: 'Writes a note on the timeline of a contact.',
  // HubSpot takes no idempotency key: a retry after a lost answer would write the note twice.
  idempotent: false,
  input: z.strictObject({ record: VendorRecord, text: z.string().min(1).max(MOST_TEXT) }),
  output: z.strictObject({ note: VendorRecord }),

  async run(context: HubspotContext, { record, text }) {
    const properties = {
      hs_timestamp: context.now.toISOString(),
      hs_note_body: `${text}\n\n${markerOf(context.key)}`,
    };
    const id = await createObject(context, 'notes', properties, [
      { id: record.id, typeId: ASSOCIATION.noteToContact },
    ]);
    return note(id);
  },

  async find(context, { record }) {
    const id = await findMarked(context, record.id, 'notes', 'hs_note_body');
    return id === undefined ? undefined : note(id);
  },
});
