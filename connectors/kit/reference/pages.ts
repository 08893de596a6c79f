import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connector } from '#connectors/kit/connector.ts';
import { EVENT_TYPES } from '#core/events.ts';
import { renderConnector, renderList } from './render-connector.ts';

const CONNECTORS = fileURLToPath(new URL('../..', import.meta.url));

/** Every page of docs/connectors by its name. */
export function connectorPages(connectors: Readonly<Record<string, Connector>>) {
  return new Map([
    ['README.md', renderList(connectors)],
    ...Object.entries(connectors).map(
      ([vendor, connector]) =>
        [`${vendor}.md`, renderConnector(connector, eventsOf(vendor))] as const,
    ),
  ]);
}

/** The canonical events that the code behind a vendor's inbound.ts names. */
function eventsOf(vendor: string): string[] {
  const seen = new Map<string, string>();
  collect(resolve(CONNECTORS, vendor, 'inbound.ts'), seen);
  const text = [...seen.values()].join('\n');
  return EVENT_TYPES.filter((type) => text.includes(`'${type}'`));
}

function collect(file: string, seen: Map<string, string>): void {
  if (seen.has(file) || !existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  seen.set(file, text);
  for (const [, path = ''] of text.matchAll(/^(?:import|export|\}) [^;]*?from '([^']+)'/gm)) {
    if (path.startsWith('#connectors/')) collect(resolve(CONNECTORS, path.slice(12)), seen);
    else if (path.startsWith('.')) collect(resolve(dirname(file), path), seen);
  }
}
