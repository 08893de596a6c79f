import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { moment } from '#cli/moment.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { table } from '#cli/table.ts';
import type { Paint } from '#cli/terminal.ts';
import { type Application, applications } from '#core/versions/versions.ts';

/** `baton versions`: which playbooks were in force, since when, and by whom. */
export function versionsCommand(): Command {
  return new Command('versions')
    .summary('list the versions of the playbook that were in force')
    .description(
      'Lists every time that a version of the playbook came into force, the latest first.',
    )
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton versions --data .baton\n')
    .action(answering(versions));
}

function versions(options: StoreOptions): Promise<Answer> {
  return fromStore(options, async ({ records }) => {
    const all = await applications(records);
    return { json: all, text: (paint) => render(all, paint) };
  });
}

function render(all: readonly Application[], paint: Paint): string {
  if (all.length === 0) return 'No version was brought into force here yet: start a hub.';
  const rows = all.map(({ number, version, at, by, running, clocks }, index) => [
    String(number),
    index === 0 ? paint.green(version) : version,
    moment(at),
    by,
    running,
    clocks,
    index === 0 ? 'in force' : '',
  ]);
  return table(['no.', 'version', 'since', 'by', 'runs', 'clocks', ''], rows, paint);
}
