import { Command, CommanderError } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { moment } from '#cli/moment.ts';
import { type Replayed, type ReplayOptions, replayHeld } from '#cli/quarantine/replay.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import { listQuarantined, type Quarantined } from '#core/quarantine.ts';

/** `baton quarantine`: what came in and could not be understood. */
export function quarantineCommand(): Command {
  return new Command('quarantine')
    .summary('list what could not be understood, and try it again')
    .description(
      'Looks after what vendors sent and nobody could understand; nothing of it is lost.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ baton quarantine list\n  $ baton quarantine replay --all\n',
    )
    .addCommand(
      new Command('list')
        .description('Lists what is held, the oldest first.')
        .option('--all', 'also what was replayed since')
        .option('--data <folder>', "the hub's folder", '.baton')
        .addHelpText('after', '\nExample:\n  $ baton quarantine list --all\n')
        .action(answering(list)),
    )
    .addCommand(
      new Command('replay')
        .description(
          'Tries what is held again, as if it had just come: through the hub that runs, or else in the store itself.',
        )
        .argument('[id...]', "what to try, see 'baton quarantine list'")
        .option('--all', 'everything that is held')
        .option('--data <folder>', "the hub's folder", '.baton')
        .option('--config <file>', 'the configuration (default: baton.json)')
        .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped)')
        .addHelpText('after', '\nExample:\n  $ baton quarantine replay q_1f6cde88213bb7a490f1\n')
        .action(answering(replay)),
    );
}

function list(options: StoreOptions & { all?: true }): Promise<Answer> {
  return fromStore(options, async ({ records }) => {
    const held = await listQuarantined(records, options.all === true);
    return { json: held, text: (paint) => renderHeld(held, paint) };
  });
}

async function replay(ids: string[], options: ReplayOptions & { all?: true }): Promise<Answer> {
  if (ids.length === 0 && options.all !== true) {
    throw new CommanderError(2, 'commander.missingArgument', 'Name what to replay, or say --all.');
  }
  const replayed = await replayHeld(ids, options);
  return {
    json: replayed,
    text: (paint) => renderReplayed(replayed, paint),
    exitCode: replayed.some(({ status }) => status === 'held') ? 1 : 0,
  };
}

/** Each thing with when, from where and why. */
export function renderHeld(held: readonly Quarantined[], paint: Paint): string {
  if (held.length === 0) return 'Nothing is held.';
  const blocks = held.map(({ id, at, connection, code, message, status }) =>
    [
      `${paint.bold(id)}  ${moment(at)}  ${connection}${status === 'held' ? '' : paint.green('  replayed')}`,
      wrap(message, 80, '  '),
      paint.dim(`  code: ${code}`),
    ].join('\n'),
  );
  const open = held.filter(({ status }) => status === 'held').length;
  return [
    ...blocks,
    `${open} held${open === 0 ? '' : "; try again with 'baton quarantine replay'"}.`,
  ].join('\n');
}

function renderReplayed(replayed: readonly Replayed[], paint: Paint): string {
  if (replayed.length === 0) return 'Nothing is held.';
  const lines = replayed.map(({ id, status, message }) =>
    status === 'replayed'
      ? `${paint.green('taken in')}    ${id}`
      : `${paint.red('held again')}  ${id}\n${wrap(message ?? '', 80, '            ')}`,
  );
  const taken = replayed.filter(({ status }) => status === 'replayed').length;
  return [
    ...lines,
    `${counted(taken, 'thing')} taken in, ${replayed.length - taken} held again.`,
  ].join('\n');
}
