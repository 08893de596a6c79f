import { minorUnits } from '#connectors/kit/money.ts';
import type { OpportunityFacts } from '#connectors/kit/offered-verbs.ts';
import type { HubspotContext } from './credentials.ts';
import type { HubspotObject } from './objects.ts';
import { type Stage, stageOf } from './pipelines.ts';

/** The properties of a deal that the hub relies on. */
export const DEAL_PROPERTIES = [
  'dealname',
  'amount',
  'deal_currency_code',
  'dealstage',
  'pipeline',
  'closedate',
  'hubspot_owner_id',
  'hs_is_closed',
  'hs_is_closed_won',
] as const;

/** All but whom it is about, which HubSpot keeps apart. */
type DealFacts = Omit<OpportunityFacts, 'contacts'>;

/** A deal in the hub's words. */
export async function dealFacts(context: HubspotContext, deal: HubspotObject): Promise<DealFacts> {
  const { properties } = deal;
  const stageId = properties['dealstage'] ?? '';
  const stage = await stageOf(context, 'deals', stageId);
  const currency = properties['deal_currency_code'] || context.settings.currency;
  const amountMinor = minorUnits(properties['amount'], currency);
  return {
    id: deal.id,
    ...(properties['dealname'] ? { name: properties['dealname'] } : {}),
    stage: stage?.label ?? stageId,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(currency ? { currency } : {}),
    outcome: outcomeOf(properties, stage),
  };
}

/** HubSpot computes won and closed some moments after the stage; the stage itself knows at once. */
function outcomeOf(
  properties: HubspotObject['properties'],
  stage: Stage | undefined,
): DealFacts['outcome'] {
  if (stage !== undefined) {
    if (stage.metadata.isClosed !== 'true') return 'open';
    return stage.metadata.probability === 1 ? 'won' : 'lost';
  }
  if (properties['hs_is_closed_won'] === 'true') return 'won';
  return properties['hs_is_closed'] === 'true' ? 'lost' : 'open';
}
