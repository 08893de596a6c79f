import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type PlaybookOptions, playbookFolder, playbookTexts, readTexts } from '#cli/playbook.ts';
import { isHubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import { type InForce, inForce, type RunningRule, textsOf } from '#core/versions/versions.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import { openReader } from '#platform/embedded/reader.ts';
import { author } from './author.ts';

type Texts = Readonly<Record<string, string>>;

/** What is in force in the store of a folder. */
export interface KeptVersion {
  readonly inForce: InForce;
  readonly files: Texts;
}

/** The version in force in a hub's folder; `undefined` where none was ever brought into force. */
export async function versionInForce(folder: string): Promise<KeptVersion | undefined> {
  if (!existsSync(join(folder, 'baton.db'))) return undefined;
  const store = openReader(folder);
  try {
    const found = await inForce(store.records);
    const files = found && (await textsOf(store.records, found.version));
    return files && { inForce: found, files };
  } finally {
    store.close();
  }
}

/** By what a hub starts. */
export interface PlaybookAtStart {
  readonly playbook: Playbook;
  readonly running: RunningRule;
  /** The texts that the store does not have yet: the first version of it. */
  readonly first: Texts | undefined;
  /** The version in the folder, where another is in force. */
  readonly waiting: string | undefined;
}

/**
 * The version in force in the hub's own store, or else the one in the playbook's folder: a hub that
 * is started again goes on as it was, and only `baton apply` changes that.
 */
export async function playbookAtStart(
  options: PlaybookOptions,
  folder: string,
): Promise<PlaybookAtStart> {
  const kept = await versionInForce(folder);
  if (kept === undefined) {
    const files = await playbookTexts(playbookFolder(options));
    const playbook = await readTexts(files);
    return { playbook, running: 'pin', first: files, waiting: undefined };
  }
  const playbook = await readTexts(kept.files);
  const there = await versionInFolder(options);
  const waiting = there === playbook.version ? undefined : there;
  return { playbook, running: kept.inForce.running, first: undefined, waiting };
}

/** What lies in the folder is not in force, so it may be half-written. */
async function versionInFolder(options: PlaybookOptions): Promise<string | undefined> {
  try {
    return (await readTexts(await playbookTexts(playbookFolder(options)))).version;
  } catch (error) {
    if (isHubError(error, 'config')) return undefined;
    throw error;
  }
}

/** Keeps the first version of a store, or finishes what an application left to do. */
export async function keepFirst(embedded: EmbeddedHub, { first }: PlaybookAtStart): Promise<void> {
  if (first === undefined) await embedded.finishApplying();
  else await embedded.apply({ files: first, by: author(), running: 'pin', clocks: 'keep' });
}
