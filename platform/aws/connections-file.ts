import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Connection } from '#connectors/kit/connection.ts';

/** The file that a deployment puts beside the code of each function. */
const FILE = 'connections.json';

/** Reads the configured connections from a function's own folder. */
export function readConnections(folder: string): Connection[] {
  return z.array(Connection).parse(JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
}
