import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { isHubError } from '#core/errors.ts';
import { VendorRecord } from '#core/operations.ts';
import type { HubspotContext } from '../credentials.ts';
import { HubspotObject, objectPath, readObject } from '../objects.ts';

/** A record takes part in so many merges; the fewer in one call the better its half is known. */
const MOST_LOSERS = 3;

/**
 * Idempotent: one that is merged already, or gone, is what it wants. HubSpot merges two at a time
 * and may make a record with an id of its own.
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide
 */
export const mergePerson = defineOperation({
  summary: 'Merges contacts into one, whose values win.',
  idempotent: true,
  input: z.strictObject({
    into: VendorRecord,
    from: z.array(VendorRecord).min(1).max(MOST_LOSERS),
  }),
  output: z.strictObject({ record: VendorRecord, merged: z.number().int() }),

  async run(context: HubspotContext, { into, from }) {
    let { id } = await readObject(context, 'contacts', into.id, ['email']);
    let merged = 0;
    for (const loser of from) {
      const current = await idOf(context, loser.id);
      if (current === undefined || current === id) continue;
      const { data } = await context.http.post(`${objectPath(context, 'contacts')}/merge`, {
        primaryObjectId: id,
        objectIdToMerge: current,
      });
      id = HubspotObject.parse(data).id;
      merged += 1;
    }
    return { record: { kind: 'contact', id }, merged };
  },
});

async function idOf(context: HubspotContext, id: string): Promise<string | undefined> {
  try {
    return (await readObject(context, 'contacts', id, ['email'])).id;
  } catch (error) {
    if (isHubError(error, 'data') && error.code === 'hubspot_record_not_found') return undefined;
    throw error;
  }
}
