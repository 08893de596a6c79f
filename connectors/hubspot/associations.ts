import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { pathOf } from './paths.ts';

const Id = z.union([z.number(), z.string()]).transform(String);

const BatchRead = z.object({
  results: z.array(
    z.object({ from: z.object({ id: Id }).optional(), to: z.array(z.object({ toObjectId: Id })) }),
  ),
});

type Kind = 'contacts' | 'deals' | 'tasks' | 'notes' | 'tickets' | 'companies';

/**
 * The ids of the records that a record is associated with, oldest first; none if there are none.
 * https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide
 */
export async function associatedIds(
  context: HubspotContext,
  from: Kind,
  to: Kind,
  id: string,
): Promise<string[]> {
  return (await associatedIdsOfEach(context, from, to, [id])).get(id) ?? [];
}

/** The same for many records at once: by id, those without any left out. */
export async function associatedIdsOfEach(
  context: HubspotContext,
  from: Kind,
  to: Kind,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const most = context.settings.limits.associationBatch;
  const found = new Map<string, string[]>();
  for (let start = 0; start < ids.length; start += most) {
    const batch = ids.slice(start, start + most);
    const { data } = await context.http.post(
      `${pathOf(context.settings, 'associations')}/${from}/${to}/batch/read`,
      { inputs: batch.map((id) => ({ id })) },
    );
    for (const { from: asked, to: others } of BatchRead.parse(data).results) {
      const id = asked?.id ?? batch[0] ?? '';
      const known = found.get(id) ?? [];
      found.set(id, [...known, ...others.map(({ toObjectId }) => toObjectId)]);
    }
  }
  return found;
}
