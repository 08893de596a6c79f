import { associatedIds } from './associations.ts';
import type { HubspotContext } from './credentials.ts';
import { markerOf } from './marker.ts';
import { readObjects } from './objects.ts';

/** A batch read takes this many. */
const BATCH = 100;

/**
 * The record of a contact that carries the marker of this call's key, or `undefined`. Goes through
 * the associations, because the search index lags behind what was just written.
 */
export async function findMarked(
  context: HubspotContext,
  contactId: string,
  name: 'tasks' | 'notes',
  property: string,
): Promise<string | undefined> {
  const marker = markerOf(context.key);
  const ids = await associatedIds(context, 'contacts', name, contactId);
  for (let start = 0; start < ids.length; start += BATCH) {
    const found = await readObjects(context, name, ids.slice(start, start + BATCH), [property]);
    const marked = found.find(({ properties }) => properties[property]?.includes(marker));
    if (marked !== undefined) return marked.id;
  }
  return undefined;
}
