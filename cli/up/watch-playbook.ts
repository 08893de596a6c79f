import { watch } from 'node:fs';
import { type PlaybookOptions, playbookFolder, playbookTexts } from '#cli/playbook.ts';
import { author } from '#cli/versions/author.ts';
import type { EmbeddedHub } from '#platform/embedded/hub.ts';
import type { Announcement } from './announce.ts';

/** Editors write a file in several goes. */
const QUIET_MS = 300;

/** Applies the playbook whenever its folder changes, and tells how it went; answers how to stop. */
export function watchPlaybook(
  options: PlaybookOptions,
  { apply, hub }: EmbeddedHub,
  tell: (one: Announcement) => void,
): () => Promise<void> {
  const folder = playbookFolder(options);
  let applying = Promise.resolve();
  let quiet: NodeJS.Timeout | undefined;
  const say = (what: Announcement['what'], text: string) =>
    tell({ at: hub.now().toISOString(), what, text });
  const look = async () => {
    try {
      const files = await playbookTexts(folder);
      const { changed, inForce } = await apply({
        files,
        by: author(),
        running: 'pin',
        clocks: 'keep',
      });
      if (changed) say('playbook', `${inForce.version} is in force`);
    } catch (error) {
      say('trouble', error instanceof Error ? error.message : String(error));
    }
  };
  const watcher = watch(folder, { recursive: true }, () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => {
      applying = applying.then(look);
    }, QUIET_MS);
  });
  return async () => {
    clearTimeout(quiet);
    watcher.close();
    await applying;
  };
}
