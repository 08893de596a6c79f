import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { HubspotObject, type ObjectName, objectPath } from './objects.ts';

/**
 * A place in the order of changes. Without `id` everything after `at` is yet to be read; with it,
 * of the rows of exactly `at` those with a greater id.
 */
export const Place = z.strictObject({ at: z.number().int(), id: z.string().optional() });
export type Place = z.infer<typeof Place>;

export interface Row {
  readonly record: HubspotObject;
  /** When it was last changed, in milliseconds. */
  readonly at: number;
}

/** Rows of one search, and whether there are more of them. */
export interface Page {
  readonly rows: readonly Row[];
  readonly full: boolean;
}

const Found = z.object({
  results: z.array(HubspotObject),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});

/** Contacts are the ones that name it their own way. */
function stampOf(name: ObjectName): 'lastmodifieddate' | 'hs_lastmodifieddate' {
  return name === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}

/**
 * The rows at a place, in order. HubSpot sorts by one property and shows the first 10,000 rows of
 * a search: each search therefore begins where the last one ended and shows one page, and rows
 * that share a stamp are read by their ids. https://developers.hubspot.com/docs/api-reference/search/guide
 */
export async function searchChanged(
  context: HubspotContext,
  name: ObjectName,
  { at, id }: Place,
  properties: readonly string[],
  limit: number,
): Promise<Page> {
  const stamp = stampOf(name);
  const value = String(at);
  const filters =
    id === undefined
      ? [{ propertyName: stamp, operator: 'GT', value }]
      : [
          { propertyName: stamp, operator: 'EQ', value },
          { propertyName: 'hs_object_id', operator: 'GT', value: id },
        ];
  // The specification marks all five members as required, and a sort is the name of a property.
  const { data } = await context.http.post(`${objectPath(context, name)}/search`, {
    filterGroups: [{ filters }],
    sorts: [id === undefined ? stamp : 'hs_object_id'],
    properties: [...new Set([stamp, 'hs_object_id', ...properties])],
    limit,
    after: '0',
  });
  const { results, paging } = Found.parse(data);
  const rows = results.map((record) => ({
    record,
    at: Date.parse(record.properties[stamp] ?? '') || at,
  }));
  return { rows, full: rows.length >= limit || paging?.next !== undefined };
}

/** What to take of a page, where to go on, and whether more is there now. */
export function nextPlace(
  place: Place,
  { rows, full }: Page,
): { taken: readonly Row[]; next: Place; more: boolean } {
  const last = rows.at(-1);
  if (place.id !== undefined) {
    if (full && last !== undefined)
      return { taken: rows, next: { at: place.at, id: last.record.id }, more: true };
    return { taken: rows, next: { at: place.at }, more: true };
  }
  if (last === undefined) return { taken: [], next: place, more: false };
  if (!full) return { taken: rows, next: { at: last.at }, more: false };
  // The page may end in the middle of a stamp: all rows of that stamp are read by id instead.
  return {
    taken: rows.filter((row) => row.at < last.at),
    next: { at: last.at, id: '0' },
    more: true,
  };
}
