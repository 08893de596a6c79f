import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { examinePlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import { runTests, type Tested, type TestResult } from '#cli/trial/run-tests.ts';
import type { Coverage } from '#workflows/trial/coverage.ts';
import { refused } from './check.ts';

/** `baton test`: whether the workflows of a playbook do what their tests say. */
export function testCommand(): Command {
  return new Command('test')
    .summary('run the tests of a playbook')
    .description(
      'Plays what `<workflow>.test.json` beside each workflow gives, on a clock that jumps and among vendors that only write down what they are asked; then names the ways through each workflow that no test took. Exits with 1 where a test fails.',
    )
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .addHelpText('after', '\nExample:\n  $ baton test --playbook my-playbook\n')
    .action(answering(test));
}

async function test(options: PlaybookOptions): Promise<Answer> {
  const { folder, files, playbook, problems } = await examinePlaybook(options);
  if (playbook === undefined) return refused(folder, problems);
  const tested = await runTests(playbook, files);
  return {
    json: tested,
    text: (paint) => renderTests(tested, paint),
    exitCode: tested.failed > 0 ? 1 : 0,
  };
}

/** Each test, then what they cover. */
export function renderTests({ tests, failed, agreement, coverage }: Tested, paint: Paint): string {
  const sum =
    failed === 0
      ? paint.green(`${counted(tests.length, 'test')} passed.`)
      : paint.red(`${failed} of ${counted(tests.length, 'test')} failed.`);
  const lines = tests.map((one) => testLine(one, paint));
  const examples =
    agreement === undefined
      ? []
      : [
          `  ${paint.green('passed')}  agreement: ${counted(agreement.examples, 'example')} of ${counted(agreement.clauses, 'clause')}`,
        ];
  return [...lines, ...examples, sum, '', ...coverage.map((one) => coverageLine(one, paint))].join(
    '\n',
  );
}

function testLine({ workflow, name, mismatches }: TestResult, paint: Paint): string {
  const mark = mismatches.length === 0 ? paint.green('passed') : paint.red('failed');
  const wrong = mismatches.flatMap(({ what, expected, came }) => [
    `          ${what}`,
    wrap(`expected ${JSON.stringify(expected)}`, 80, '            '),
    wrap(`but came ${JSON.stringify(came) ?? 'nothing'}`, 80, '            '),
  ]);
  return [`  ${mark}  ${workflow}: ${name}`, ...wrong].join('\n');
}

function coverageLine({ workflow, taken, all, never }: Coverage, paint: Paint): string {
  const share = all === 0 ? 100 : Math.round((100 * taken) / all);
  const untaken = never.map(({ step, way }) => `  never taken: ${step}, ${way}`);
  return [
    `${paint.bold(workflow)}: ${taken} of ${all} branches taken (${share} %)`,
    ...untaken,
  ].join('\n');
}
