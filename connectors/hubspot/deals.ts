import type { AxiosInstance } from 'axios';
import * as z from 'zod';
import { minorUnits } from '#connectors/kit/money.ts';
import type { HubspotContext } from './credentials.ts';
import type { HubspotObject } from './objects.ts';
import { pathsOf } from './paths.ts';

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

const Pipelines = z.object({
  results: z.array(
    z.object({
      stages: z.array(
        z.object({
          id: z.string(),
          label: z.string(),
          metadata: z.object({
            isClosed: z.union([z.string(), z.boolean()]).transform(String).optional(),
            probability: z.union([z.string(), z.number()]).transform(Number).optional(),
          }),
        }),
      ),
    }),
  ),
});
type Stage = z.infer<typeof Pipelines>['results'][number]['stages'][number];

/** Sales changes its stages a few times a year. */
const FRESH_MS = 60 * 60_000;
const stagesByConnection = new WeakMap<AxiosInstance, { stages: Map<string, Stage>; at: number }>();

/** https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide */
async function stageOf(context: HubspotContext, id: string): Promise<Stage | undefined> {
  const now = context.now.getTime();
  const known = stagesByConnection.get(context.http);
  if (known !== undefined && now - known.at < FRESH_MS && known.stages.has(id)) {
    return known.stages.get(id);
  }
  const { data } = await context.http.get(`${pathsOf(context.settings).pipelines}/deals`);
  const all = Pipelines.parse(data).results.flatMap(({ stages }) => stages);
  const stages = new Map(all.map((stage) => [stage.id, stage]));
  stagesByConnection.set(context.http, { stages, at: now });
  return stages.get(id);
}

export const DealFacts = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  /** The stage as salespeople read it. */
  stage: z.string(),
  amountMinor: z.number().int().optional(),
  currency: z.string().optional(),
  outcome: z.enum(['open', 'won', 'lost']),
});
export type DealFacts = z.infer<typeof DealFacts>;

/** A deal in the hub's words. */
export async function dealFacts(context: HubspotContext, deal: HubspotObject): Promise<DealFacts> {
  const { properties } = deal;
  const stageId = properties['dealstage'] ?? '';
  const stage = await stageOf(context, stageId);
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
