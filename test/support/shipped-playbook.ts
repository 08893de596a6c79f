import { readFileSync } from 'node:fs';
import { connectors } from '#connectors/index.ts';
import type { Playbook } from '#core/playbook.ts';
import { ScoringModel } from '#core/scoring/model.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';

let loaded: Promise<Playbook> | undefined;

/** The playbook that ships, read once for all tests of a file. */
export function shippedPlaybook(): Promise<Playbook> {
  loaded ??= loadPlaybook('workflows/definitions', { connectors });
  return loaded;
}

/** The scoring model that ships, alone. */
export const shippedModel = (): ScoringModel =>
  ScoringModel.parse(
    JSON.parse(readFileSync('workflows/definitions/scoring/default.json', 'utf8')),
  );
