import { resolve } from 'node:path';
import { connectors } from '#connectors/index.ts';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import {
  loadPlaybook,
  lookUpsFor,
  playbookFiles,
  playbookOf,
} from '#workflows/language/load-playbook.ts';
import { readPlaybook } from '#workflows/language/read-playbook.ts';
import { readConfig, shown } from './config.ts';

export interface PlaybookOptions {
  readonly playbook?: string | undefined;
  readonly config?: string | undefined;
}

/** The folder that was asked for, else the one of the configuration, else the one that ships. */
export const playbookFolder = ({ playbook, config }: PlaybookOptions): string =>
  playbook === undefined ? readConfig(config).playbook : resolve(playbook);

/** A playbook as it was read: its texts, what is wrong with them, and itself if nothing is. */
export async function examinePlaybook(options: PlaybookOptions) {
  const folder = playbookFolder(options);
  const files = await playbookTexts(folder);
  const looked = await lookUpsFor(files, PLAYBOOK_NEEDS);
  return { folder, files, ...readPlaybook(files, { ...PLAYBOOK_NEEDS, ...looked }) };
}

/** The texts of a playbook's files. */
export async function playbookTexts(folder: string): Promise<Record<string, string>> {
  try {
    return await playbookFiles(folder);
  } catch (cause) {
    throw new HubError(
      'config',
      'playbook_missing',
      `There is no playbook in ${shown(folder)}. Name its folder with --playbook.`,
      { cause },
    );
  }
}

/** The playbook to work with; one with problems is refused with all of them. */
export async function openPlaybook(options: PlaybookOptions): Promise<Playbook> {
  const folder = playbookFolder(options);
  await playbookTexts(folder);
  return loadPlaybook(folder, PLAYBOOK_NEEDS);
}

/** The playbook of texts that a hub keeps, or that somebody hands it. */
export const readTexts = (files: Readonly<Record<string, string>>): Promise<Playbook> =>
  playbookOf(files, PLAYBOOK_NEEDS, 'to be used');

/** The library of holidays is large and seldom needed, so it is loaded on demand. */
const PLAYBOOK_NEEDS = {
  connectors,
  holidays: async () => {
    const { PLAYBOOK_YEARS, publicHolidays } = await import(
      '#workflows/language/public-holidays.ts'
    );
    return publicHolidays(PLAYBOOK_YEARS);
  },
};
