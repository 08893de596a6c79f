import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { OFFERED_VERBS, OpportunityFacts } from '#connectors/kit/offered-verbs.ts';
import { associatedIds, associatedIdsOfEach } from '../associations.ts';
import type { HubspotContext } from '../credentials.ts';
import { DEAL_PROPERTIES, dealFacts } from '../deals.ts';
import { readObject } from '../objects.ts';
import { nextPlace, type Place, searchChanged } from '../search.ts';

/** Idempotent: it only reads. */
export const readOpportunity = defineOperation({
  summary: 'Reads a deal with its stage, amount, outcome and contacts.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.read'],

  async run(context: HubspotContext, { id }) {
    const deal = await readObject(context, 'deals', id, DEAL_PROPERTIES);
    const contacts = await associatedIds(context, 'deals', 'contacts', id);
    return { ...(await dealFacts(context, deal)), contacts };
  },
});

/** Idempotent: it only reads. The first contact is the one the deal is told of. */
export const opportunityContacts = defineOperation({
  summary: 'Lists the contacts of a deal.',
  idempotent: true,
  ...OFFERED_VERBS['opportunity.contacts'],

  async run(context: HubspotContext, { id }) {
    const ids = await associatedIds(context, 'deals', 'contacts', id);
    return {
      contacts: ids.map((one, index) => ({
        record: { kind: 'contact', id: one },
        primary: index === 0,
      })),
    };
  },
});

/**
 * Idempotent: it only reads. `after` is a place of this operation's own making, so that it goes
 * beyond the 10,000 rows that one search of HubSpot shows.
 * https://developers.hubspot.com/docs/api-reference/search/guide
 */
export const searchOpportunities = defineOperation({
  summary: 'Lists the deals that changed since an instant, the longest unchanged first.',
  idempotent: true,
  input: z.strictObject({
    changedSince: z.iso.datetime({ offset: true }),
    after: z
      .string()
      .regex(/^\d+(\/\d+)?$/)
      .optional(),
    limit: z.number().int().min(1).max(200).default(100),
  }),
  output: z.strictObject({
    opportunities: z.array(OpportunityFacts),
    after: z.string().optional(),
  }),

  async run(context: HubspotContext, { changedSince, after, limit }) {
    const place = placeOf(after ?? String(Date.parse(changedSince) - 1));
    const page = await searchChanged(context, 'deals', place, DEAL_PROPERTIES, limit);
    const { taken, next, more } = nextPlace(place, page);
    const contacts = await associatedIdsOfEach(
      context,
      'deals',
      'contacts',
      taken.map(({ record }) => record.id),
    );
    const opportunities = [];
    for (const { record } of taken) {
      const facts = await dealFacts(context, record);
      opportunities.push({ ...facts, contacts: contacts.get(record.id) ?? [] });
    }
    if (!more) return { opportunities };
    return {
      opportunities,
      after: [next.at, next.id].filter((part) => part !== undefined).join('/'),
    };
  },
});

function placeOf(after: string): Place {
  const [at, id] = after.split('/');
  return { at: Number(at), ...(id === undefined ? {} : { id }) };
}
