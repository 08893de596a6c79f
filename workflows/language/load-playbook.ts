import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HolidayBook } from '#core/clocks/holidays.ts';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import { isLeave } from './leave.ts';
import { formatProblem } from './problem.ts';
import { type LookUps, type PlaybookNeeds, readPlaybook } from './read-playbook.ts';

/** JSON schemas lie beside the playbook for editors, and are no part of it. */
const SCHEMAS = 'schema';

/** The texts of a playbook's files, by their paths inside its folder. */
export async function playbookFiles(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== SCHEMAS);
  const inside = ['', ...folders.map(({ name }) => name)];
  const lists = await Promise.all(
    inside.map(async (name) => {
      const files = await readdir(join(folder, name), { withFileTypes: true });
      return files
        .filter((file) => file.isFile())
        .map((file) => (name === '' ? file.name : `${name}/${file.name}`))
        .filter((path) => path.endsWith('.json') || isLeave(path));
    }),
  );
  const texts = lists
    .flat()
    .sort()
    .map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Where public holidays are looked up; asked only for a playbook whose calendars name a country. */
export interface HolidaySource {
  readonly holidays?: (() => Promise<HolidayBook>) | undefined;
}

/** What these files need of others: the book of holidays, and who can read calendars of absences. */
export async function lookUpsFor(
  files: Readonly<Record<string, string>>,
  { holidays }: HolidaySource,
): Promise<Required<LookUps>> {
  const named = files['calendars.json']?.includes('"country"') === true;
  const leave = Object.keys(files).some(isLeave);
  return {
    holidays: named ? await holidays?.() : undefined,
    // Its library is large and seldom needed.
    leave: leave ? (await import('./leave-calendar.ts')).readLeave : undefined,
  };
}

/**
 * The playbook in a folder, on a laptop and in a Lambda's asset alike. Throws a HubError `config`
 * that lists every problem: a hub with half a playbook would lose leads without a sound.
 */
export async function loadPlaybook(
  folder: string,
  needs: PlaybookNeeds & HolidaySource,
): Promise<Playbook> {
  return playbookOf(await playbookFiles(folder), needs, `in ${folder}`);
}

/** The playbook of the texts of its files, which come from `where`; refused like one in a folder. */
export async function playbookOf(
  files: Readonly<Record<string, string>>,
  needs: PlaybookNeeds & HolidaySource,
  where: string,
): Promise<Playbook> {
  const looked = await lookUpsFor(files, needs);
  const { playbook, problems } = readPlaybook(files, { ...needs, ...looked });
  if (playbook !== undefined) return playbook;
  const lines = problems.map(formatProblem).join('\n');
  throw new HubError(
    'config',
    'playbook_invalid',
    `The playbook ${where} has problems that must be mended first:\n${lines}`,
  );
}
