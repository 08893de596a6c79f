import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { pathsOf } from './paths.ts';

const BatchRead = z.object({
  results: z.array(
    z.object({
      to: z.array(z.object({ toObjectId: z.union([z.number(), z.string()]).transform(String) })),
    }),
  ),
});

/**
 * The ids of the records that a record is associated with, oldest first; none if there are none.
 * https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide
 */
export async function associatedIds(
  context: HubspotContext,
  from: 'contacts' | 'deals' | 'tasks',
  to: 'contacts' | 'deals' | 'tasks' | 'notes',
  id: string,
): Promise<string[]> {
  const { data } = await context.http.post(
    `${pathsOf(context.settings).associations}/${from}/${to}/batch/read`,
    { inputs: [{ id }] },
  );
  return BatchRead.parse(data).results.flatMap((result) => result.to.map((one) => one.toObjectId));
}
