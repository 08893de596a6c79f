import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { connectors } from '#connectors/index.ts';
import { Connection } from '#connectors/kit/connection.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { type Polled, polledStreams } from '#connectors/kit/reconcile.ts';
import { compileWorkflow } from '#workflows/compiler/compile-workflow.ts';
import { loadPlaybook } from '#workflows/language/load-playbook.ts';
import { PLAYBOOK_YEARS, publicHolidays } from '#workflows/language/public-holidays.ts';
import type { Workflow } from '#workflows/language/workflow.ts';
import type { FunctionFiles } from './constructs/bundling.ts';
import { writeFunctionFiles } from './function-files.ts';
import type { StageConfig } from './stage-config.ts';

/** A deployment with everything checked that could otherwise fail at a function's cold start. */
export interface PreparedStage extends StageConfig {
  /** The version of this Baton. */
  readonly baton: string;
  /** The names of the configured connections. */
  readonly connectionNames: readonly string[];
  /** What their vendors are asked for, and how often. */
  readonly streams: readonly Polled[];
  /** The compiled workflows by id, each as the text of its state machine. */
  readonly definitions: Readonly<Record<string, string>>;
  /** What the functions carry along. */
  readonly files: FunctionFiles;
}

export async function prepareStage(config: StageConfig): Promise<PreparedStage> {
  const holidays = async () => publicHolidays(PLAYBOOK_YEARS);
  const playbook = await loadPlaybook(config.playbook, { connectors, holidays });
  const definitions = Object.entries(playbook.workflows).map(([id, workflow]) => [
    id,
    JSON.stringify(compileWorkflow(workflow as Workflow)),
  ]);
  const file = config.connections;
  const configured = z.array(Connection).parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    ...config,
    baton: ownVersion(),
    ...checkedConnections(configured),
    definitions: Object.fromEntries(definitions),
    files: writeFunctionFiles(playbook, { file, configured }),
  };
}

const Package = z.object({ version: z.string() });
const ownVersion = () => Package.parse(JSON.parse(readFileSync('package.json', 'utf8'))).version;

/** Opens the connections as a function would, short of their secrets. */
function checkedConnections(
  configured: readonly Connection[],
): Pick<PreparedStage, 'connectionNames' | 'streams'> {
  const noSecrets = async () => {
    throw new Error('There are no secrets at synthesis.');
  };
  const connections = openConnections({
    connectors,
    connections: configured,
    secrets: { credentials: noSecrets, signingKey: noSecrets },
    now: () => new Date(),
  });
  return { connectionNames: connections.names, streams: polledStreams(connections) };
}
