import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { counted } from '#cli/terminal.ts';
import { backUp } from '#platform/embedded/backup.ts';

/** `baton backup`: the store as it is now, in one file. */
export function backupCommand(): Command {
  return new Command('backup')
    .summary('copy the store of a hub, while it runs')
    .description(
      'Copies the store as it is at this moment into one file and checks the copy; a hub that runs goes on meanwhile. To go back to it, put the file as baton.db into an empty folder and start the hub with --data there. Secrets and the signing key lie beside the store and are not copied.',
    )
    .argument('<file>', 'where to')
    .option('--force', 'replace a file that is there')
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton backup /backup/baton-2026-12-07.db\n')
    .action(answering(backup));
}

async function backup(
  file: string,
  options: { readonly data: string; readonly force?: true },
): Promise<Answer> {
  const made = backUp(resolve(options.data), resolve(file), { force: options.force === true });
  const size = (made.bytes / 1_000_000).toFixed(1);
  return {
    json: made,
    text: (paint) =>
      `${paint.green('Copied')} to ${shown(made.file)}: ${size} MB, ${counted(made.people, 'person', 'people')}, checked.`,
  };
}
