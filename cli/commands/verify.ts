import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { type Finding, verifyStore } from '#cli/store/verify-store.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';

/** `baton verify`: whether the store keeps what the hub promises. */
export function verifyCommand(): Command {
  return new Command('verify')
    .summary('check that no lead is lost in the store')
    .description(
      'Checks that every lead has one owner and one next action with a time, that every run can go on, and that the index agrees with the records.',
    )
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText('after', '\nExample:\n  $ baton verify --data /var/lib/baton\n')
    .action(answering(verify));
}

function verify(options: StoreOptions): Promise<Answer> {
  return fromStore(options, async (store) => {
    const { checked, findings } = verifyStore(store);
    return {
      json: { checked, findings },
      text: (paint) => renderFindings(checked, findings, paint),
      exitCode: findings.length > 0 ? 1 : 0,
    };
  });
}

/** Each finding under what it is about, then what was looked at. */
export function renderFindings(
  checked: { readonly people: number; readonly handoffs: number; readonly runs: number },
  findings: readonly Finding[],
  paint: Paint,
): string {
  const looked = `${counted(checked.people, 'person', 'people')}, ${counted(checked.handoffs, 'hand-off')} and ${counted(checked.runs, 'run')}`;
  if (findings.length === 0) return `${paint.green('All is well')}: ${looked} checked.`;
  return [
    ...findings.map(({ about, message }) => `${paint.bold(about)}\n${wrap(message, 80, '  ')}`),
    '',
    `${paint.red(counted(findings.length, 'finding'))} in ${looked}.`,
  ].join('\n');
}
