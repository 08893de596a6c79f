import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { author } from '#cli/versions/author.ts';
import { type Rules, send } from '#cli/versions/send.ts';
import { HubError } from '#core/errors.ts';
import type { Records } from '#core/ports/records.ts';
import { applications, textsOf } from '#core/versions/versions.ts';
import { openReader } from '#platform/embedded/reader.ts';
import { clocksOption, runningOption } from './apply.ts';

/** `baton rollback`: brings an earlier version of the playbook into force again. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .summary('bring an earlier version of the playbook into force again')
    .description(
      'Brings a version into force that was in force before, as `baton versions` lists them; without one, the version before the one of now. The folder of the playbook is not touched.',
    )
    .argument('[version]', 'the version, or how it begins')
    .option('--data <folder>', "the hub's folder", '.baton')
    .addOption(runningOption())
    .addOption(clocksOption())
    .addHelpText('after', '\nExample:\n  $ baton versions\n  $ baton rollback 3f9c\n')
    .action(answering(rollback));
}

async function rollback(asked: string | undefined, options: StoreOptions & Rules): Promise<Answer> {
  const { data, running, clocks } = options;
  const folder = resolve(data);
  const store = openReader(folder);
  const files = await earlierTexts(store.records, asked).finally(() => store.close());
  return send(folder, { files, by: author(), running, clocks });
}

async function earlierTexts(
  records: Records,
  asked: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  const [latest, ...older] = await applications(records);
  const all = new Set(
    [latest, ...older].flatMap((one) => (one === undefined ? [] : [one.version])),
  );
  const wanted =
    asked === undefined
      ? older.map(({ version }) => version).filter((version) => version !== latest?.version)
      : [...all].filter((version) => version.startsWith(asked));
  const found = asked === undefined ? wanted.slice(0, 1) : wanted;
  const [version] = found;
  const files = version === undefined ? undefined : await textsOf(records, version);
  if (files !== undefined && found.length === 1) return files;
  throw new HubError(
    'data',
    'version_unknown',
    found.length > 1
      ? `Several versions begin with '${asked}': ${found.join(', ')}.`
      : `No ${asked === undefined ? 'earlier version' : `version '${asked}'`} was ever in force here: 'baton versions' lists those that were.`,
  );
}
