import { associatedIds } from './associations.ts';
import type { HubspotContext } from './credentials.ts';
import { markerOf } from './marker.ts';
import { readObjects } from './objects.ts';

/**
 * The record of a contact that carries the marker of a key (of this call's, unless another is
 * given), or `undefined`. Goes through the associations, because the search index lags behind
 * what was just written.
 */
export async function findMarked(
  context: HubspotContext,
  contactId: string,
  name: 'tasks' | 'notes' | 'deals',
  property: string,
  key = context.key,
): Promise<string | undefined> {
  const marker = markerOf(key);
  const ids = await associatedIds(context, 'contacts', name, contactId);
  const most = context.settings.limits.batch;
  for (let start = 0; start < ids.length; start += most) {
    const found = await readObjects(context, name, ids.slice(start, start + most), [property]);
    const marked = found.find(({ properties }) => properties[property]?.includes(marker));
    if (marked !== undefined) return marked.id;
  }
  return undefined;
}
