import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { moment } from '#cli/moment.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import { Alert } from '#core/records/alert.ts';

/** `baton alerts`: what somebody should have heard of and did not, or not yet. */
export function alertsCommand(): Command {
  return new Command('alerts')
    .summary('list alerts that wait or were never delivered')
    .description(
      'Lists what people should have heard of their leads: what was given up after all tries, and what waits for their working hours, for others of its kind, or for another try.',
    )
    .option('--all', 'also what was sent')
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton alerts\n')
    .action(answering(alerts));
}

function alerts(options: StoreOptions & { all?: true }): Promise<Answer> {
  return fromStore(options, async (store) => {
    const listed = store
      .items('alert')
      .map(({ data }) => Alert.parse(data))
      .filter(({ status }) => options.all === true || status === 'failed' || status === 'waiting')
      .sort((one, other) => one.at.localeCompare(other.at));
    return { json: listed, text: (paint) => renderAlerts(listed, paint) };
  });
}

/** Each with when, to whom and how it stands. */
function renderAlerts(listed: readonly Alert[], paint: Paint): string {
  if (listed.length === 0) return 'Every alert was delivered.';
  const blocks = listed.map(({ at, rung, by, to, status, dueAt, tries, title, error }) => {
    const state = {
      failed: paint.red(`never delivered, after ${counted(Math.max(1, tries), 'try', 'tries')}`),
      waiting: `waits until ${moment(dueAt)}`,
      sent: paint.green('sent'),
      needless: paint.dim('not needed any more'),
    }[status];
    return [
      `${moment(at)}  ${rung} to ${to} by ${by}: ${state}`,
      wrap(title, 80, '  '),
      ...(error === undefined
        ? []
        : [paint.dim(wrap(`${error.code}: ${error.message}`, 80, '  '))]),
    ].join('\n');
  });
  const failed = listed.filter(({ status }) => status === 'failed').length;
  return [...blocks, `${counted(listed.length, 'alert')}, ${failed} never delivered.`].join('\n');
}
