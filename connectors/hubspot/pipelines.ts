import * as z from 'zod';
import type { HubspotContext } from './credentials.ts';
import { pathOf } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

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
            ticketState: z.string().optional(),
          }),
        }),
      ),
    }),
  ),
});
export type Stage = z.infer<typeof Pipelines>['results'][number]['stages'][number];

type Piped = 'deals' | 'tickets';

/** Sales changes its stages a few times a year. */
const FRESH_MS = 60 * 60_000;
type Known = Partial<Record<Piped, { stages: Map<string, Stage>; at: number }>>;
const knownByConnection = new WeakMap<HubspotSettings, Known>();

/** A stage by its id, `undefined` for one that is in no pipeline. */
export async function stageOf(
  context: HubspotContext,
  of: Piped,
  id: string,
): Promise<Stage | undefined> {
  const now = context.now.getTime();
  const known = knownByConnection.get(context.settings) ?? {};
  const fresh = known[of];
  if (fresh !== undefined && now - fresh.at < FRESH_MS && fresh.stages.has(id)) {
    return fresh.stages.get(id);
  }
  const stages = new Map((await readStages(context, of)).map((stage) => [stage.id, stage]));
  knownByConnection.set(context.settings, { ...known, [of]: { stages, at: now } });
  return stages.get(id);
}

/** https://developers.hubspot.com/docs/api-reference/crm-pipelines-v3/guide */
export async function readStages(context: HubspotContext, of: Piped): Promise<Stage[]> {
  const { data } = await context.http.get(`${pathOf(context.settings, 'pipelines')}/${of}`);
  return Pipelines.parse(data).results.flatMap(({ stages }) => stages);
}
