import type { Playbook } from '#core/playbook.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import { countedBy } from '#core/scoring/tally.ts';

/** The models of a playbook by what they count touches by; of those that count alike, one. */
export const countingModels = ({
  scoring,
}: Pick<Playbook, 'scoring'>): ReadonlyMap<string, ScoringModel> =>
  new Map(Object.values(scoring).map((model) => [countedBy(model), model]));
