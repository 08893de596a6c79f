import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { examinePlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { runTests } from '#cli/trial/run-tests.ts';
import { author } from '#cli/versions/author.ts';
import { type Rules, send } from '#cli/versions/send.ts';
import { ClockRule, RunningRule } from '#core/versions/versions.ts';
import { refused } from './check.ts';
import { renderTests } from './test.ts';

type ApplyOptions = StoreOptions & PlaybookOptions & Rules & { readonly tests: boolean };

/** What becomes of runs under way. */
export const runningOption = (): Option =>
  new Option('--running <rule>', 'runs under way: keep their version, go over, or drain first')
    .choices(RunningRule.options)
    .default('pin');

/** What becomes of clocks that run. */
export const clocksOption = (): Option =>
  new Option('--clocks <rule>', 'running clocks: as promised, anew, or the earlier of both')
    .choices(ClockRule.options)
    .default('keep');

/** `baton apply`: makes a playbook the version in force. */
export function applyCommand(): Command {
  return new Command('apply')
    .summary('bring a playbook into force')
    .description(
      'Checks a playbook, runs its tests, and makes it the version in force: at once in the hub that runs, or else from its next start on. `baton plan` shows before what it changes.',
    )
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .addOption(runningOption())
    .addOption(clocksOption())
    .option('--no-tests', 'without running the tests of the playbook')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton plan --playbook my-playbook\n  $ baton apply --playbook my-playbook --clocks earlier\n',
    )
    .action(answering(apply));
}

async function apply(options: ApplyOptions): Promise<Answer> {
  const { data, running, clocks } = options;
  const { folder, files, playbook, problems } = await examinePlaybook(options);
  if (playbook === undefined) return refused(folder, problems);
  const tested = options.tests ? await runTests(playbook, files) : undefined;
  if (tested !== undefined && tested.failed > 0) {
    return {
      json: { playbook: folder, ...tested },
      text: (paint) => `${renderTests(tested, paint)}\n\nNothing was applied.`,
      exitCode: 1,
    };
  }
  return send(resolve(data), { files, by: author(), running, clocks });
}
