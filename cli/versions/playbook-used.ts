import { resolve } from 'node:path';
import { shown } from '#cli/config.ts';
import { openPlaybook, type PlaybookOptions, playbookFolder, readTexts } from '#cli/playbook.ts';
import type { Playbook } from '#core/playbook.ts';
import { versionInForce } from './at-start.ts';

/** The playbook that a command goes by, and where it comes from. */
export interface PlaybookUsed {
  readonly playbook: Playbook;
  readonly from: 'in-force' | 'folder';
  /** The same in words. */
  readonly where: string;
}

/**
 * The folder that was asked for, else the version in force in the hub's store, as the hub itself
 * goes by, else the folder of the configuration.
 */
export async function playbookUsed(
  options: PlaybookOptions & { readonly data: string },
): Promise<PlaybookUsed> {
  const kept =
    options.playbook === undefined ? await versionInForce(resolve(options.data)) : undefined;
  if (kept !== undefined) {
    const playbook = await readTexts(kept.files);
    const { version, at } = kept.inForce;
    return { playbook, from: 'in-force', where: `${version}, in force since ${at.slice(0, 10)}` };
  }
  const playbook = await openPlaybook(options);
  const where = `${playbook.version}, of the folder ${shown(playbookFolder(options))}`;
  return { playbook, from: 'folder', where };
}
