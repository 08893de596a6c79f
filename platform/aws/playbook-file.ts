import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Playbook } from '#core/playbook.ts';

/** The file that a deployment puts beside the code of each function. */
const FILE = 'playbook.json';

/**
 * The playbook from a function's own folder. It was read and checked when the function was built,
 * and nobody can change it since.
 */
export function readPlaybook(folder: string): Playbook {
  return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Playbook;
}
