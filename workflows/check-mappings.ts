import type { Connections } from '#connectors/kit/connections.ts';
import { checkMapping, type MappingProblem, problemText } from '#connectors/kit/mapping-check.ts';
import { isHubError } from '#core/errors.ts';
import { type Gap, noteGaps } from '#core/limits/drift.ts';
import type { Hub } from '#core/ports/hub.ts';
import { brokenWorkflows } from './broken-workflows.ts';

/** What a look at one connection's fields came to; without gaps all is well. */
export interface MappingLook {
  readonly connection: string;
  readonly gaps: readonly Gap[];
  /** Why nobody could look, where that is so. */
  readonly unseen?: string | undefined;
}

/**
 * Holds the fields and values of every connection against its vendor, and alerts once of what is
 * gone, with the workflows that break. A vendor that can't be asked stops nothing.
 */
export async function checkMappings(
  hub: Pick<Hub, 'records' | 'operations' | 'now' | 'playbook'>,
  connections: Connections,
): Promise<MappingLook[]> {
  const looks: MappingLook[] = [];
  for (const name of connections.names) {
    const look = await checkOne(hub, connections, name);
    if (look !== undefined) looks.push(look);
  }
  return looks;
}

async function checkOne(
  hub: Parameters<typeof checkMappings>[0],
  connections: Connections,
  name: string,
): Promise<MappingLook | undefined> {
  const open = connections.open(name);
  const { connection, connector } = open;
  if (connector.mapping === undefined) return undefined;
  try {
    const context = await open.operationContext('mapping', { urgency: 'backfill' });
    const problems = (await checkMapping(open, context)) ?? [];
    const gaps = problems.map((problem) => ({
      id: gapId(problem),
      says: problemText(problem),
      workflows: brokenWorkflows(hub.playbook, connection, problem.mapped),
    }));
    await noteGaps(hub, { connection: name, title: connector.title }, gaps);
    return { connection: name, gaps };
  } catch (error) {
    const unseen = isHubError(error) ? error.message : 'its description has an unforeseen shape.';
    return { connection: name, gaps: [], unseen };
  }
}

const gapId = ({ mapped, what, options = [] }: MappingProblem): string =>
  [mapped.object, mapped.field, what, ...options].join('/');
