import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { associatedIds } from '../associations.ts';
import type { HubspotContext } from '../credentials.ts';
import { DEAL_PROPERTIES, DealFacts, dealFacts } from '../deals.ts';
import { HubspotObject, objectPath, readObject } from '../objects.ts';

export const readDeal = defineOperation({
  summary: 'Reads a deal with its stage, amount, outcome and contacts.',
  idempotent: true,
  input: z.strictObject({ id: z.string() }),
  output: z.strictObject({ ...DealFacts.shape, contacts: z.array(z.string()) }),

  async run(context: HubspotContext, { id }) {
    const deal = await readObject(context, 'deals', id, DEAL_PROPERTIES);
    const contacts = await associatedIds(context, 'deals', 'contacts', id);
    return { ...(await dealFacts(context, deal)), contacts };
  },
});

const Found = z.object({
  results: z.array(HubspotObject),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});

/** https://developers.hubspot.com/docs/api-reference/search/guide */
export const searchDeals = defineOperation({
  summary: 'Lists the deals that changed since an instant, the longest unchanged first.',
  idempotent: true,
  input: z.strictObject({
    changedSince: z.iso.datetime({ offset: true }),
    after: z.string().optional(),
    limit: z.number().int().min(1).max(200).default(100),
  }),
  output: z.strictObject({ deals: z.array(DealFacts), after: z.string().optional() }),

  async run(context: HubspotContext, { changedSince, after, limit }) {
    // The specification marks all five members as required.
    const { data } = await context.http.post(`${objectPath(context, 'deals')}/search`, {
      filterGroups: [
        {
          filters: [
            {
              propertyName: 'hs_lastmodifieddate',
              operator: 'GTE',
              value: String(Date.parse(changedSince)),
            },
          ],
        },
      ],
      sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
      properties: DEAL_PROPERTIES,
      limit,
      after: after ?? '0',
    });
    const found = Found.parse(data);
    const deals = await Promise.all(found.results.map((deal) => dealFacts(context, deal)));
    const next = found.paging?.next?.after;
    return { deals, ...(next === undefined ? {} : { after: next }) };
  },
});
