import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Connection } from '#connectors/kit/connection.ts';
import type { Playbook } from '#core/playbook.ts';
import type { FunctionFiles } from './constructs/bundling.ts';

/**
 * Writes what each function carries along: the playbook, read once here and not at each cold start,
 * and a list of the vendors that the connections name, so that no function carries the others.
 */
export function writeFunctionFiles(
  playbook: Playbook,
  connections: { readonly file: string; readonly configured: readonly Connection[] },
): FunctionFiles {
  const folder = mkdtempSync(join(tmpdir(), 'baton-stage-'));
  const files = {
    playbook: join(folder, 'playbook.json'),
    connections: connections.file,
    connectors: join(folder, 'connectors.ts'),
  };
  writeFileSync(files.playbook, JSON.stringify(playbook));
  writeFileSync(files.connectors, listOf(connections.configured));
  return files;
}

/** A module like `connectors/index.ts` with the vendors of these connections. */
function listOf(connections: readonly Connection[]): string {
  const vendors = [...new Set(connections.map(({ vendor }) => vendor))].sort();
  const imports = vendors.map(
    (vendor) =>
      `import { ${exportOf(vendor)} } from ${JSON.stringify(resolve('connectors', vendor, 'connector.ts'))};`,
  );
  const entries = vendors.map((vendor) => `${JSON.stringify(vendor)}: ${exportOf(vendor)}`);
  return [...imports, `export const connectors = { ${entries.join(', ')} };`, ''].join('\n');
}

/** `people-data-labs` is exported as `peopleDataLabs`. */
const exportOf = (vendor: string) =>
  vendor.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
