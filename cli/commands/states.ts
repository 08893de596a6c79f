import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { table } from '#cli/table.ts';
import { type Paint, wrap } from '#cli/terminal.ts';
import { HubError } from '#core/errors.ts';
import {
  type CaseResult,
  type Difference,
  playCase,
  type RecordedCase,
  readCases,
} from '#workflows/interpreter/conformance.ts';

interface StatesOptions {
  readonly only?: string;
  readonly show?: string;
}

/** `baton states`: how faithfully runs are carried out. */
export function statesCommand(): Command {
  const test = new Command('test')
    .summary('play recorded runs of the service and compare')
    .description(
      'Plays recorded runs of Step Functions in the interpreter, and says where a run departs from its recording.',
    )
    .argument('<file...>', 'recorded cases, one JSON document a line')
    .option('--only <area>', 'only the cases of this area')
    .option('--show <id>', 'only this case, with every difference')
    .addHelpText('after', '\nExample:\n  $ baton states test recorded.jsonl --only retry\n')
    .action(answering(testStates));
  return new Command('states')
    .description('play recorded runs of state machines, and compare')
    .addHelpText('after', '\nExample:\n  $ baton states test recorded.jsonl\n')
    .addCommand(test);
}

async function testStates(files: string[], { only, show }: StatesOptions): Promise<Answer> {
  const cases = files
    .flatMap(casesIn)
    .filter(({ id, area }) => (only ?? area) === area && (show ?? id) === id);
  if (cases.length === 0) throw nothingToPlay(only, show);
  const results: CaseResult[] = [];
  for (const one of cases) results.push(await playCase(one));
  const counts = countOf(results);
  return {
    json: { ...counts, areas: areasOf(results), failures: results.filter(isFailed) },
    text: (paint) => renderResults(results, show !== undefined, paint),
    exitCode: counts.failed > 0 ? 1 : 0,
  };
}

function casesIn(file: string): RecordedCase[] {
  try {
    return readCases(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new HubError(
      'config',
      'cases_unreadable',
      `${shown(file)} can't be read as recorded cases, one JSON document a line.`,
      { cause },
    );
  }
}

const nothingToPlay = (only: string | undefined, show: string | undefined) =>
  new HubError(
    'config',
    'cases_missing',
    `No case is ${[only && `of area '${only}'`, show && `called '${show}'`].filter(Boolean).join(' and ') || 'in the files'}. Without --only and --show all are played.`,
  );

const isFailed = ({ verdict }: CaseResult) => verdict === 'failed';

function countOf(results: readonly CaseResult[]) {
  const of = (wanted: CaseResult['verdict']) =>
    results.filter(({ verdict }) => verdict === wanted).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

function areasOf(results: readonly CaseResult[]) {
  const areas = [...new Set(results.map(({ area }) => area))].sort();
  return areas.map((area) => ({
    area,
    ...countOf(results.filter((result) => result.area === area)),
  }));
}

/** A line per area, then each failure, and the counts in the words that build servers look for. */
function renderResults(results: readonly CaseResult[], inFull: boolean, paint: Paint): string {
  const rows = areasOf(results).map(({ area, passed, failed, skipped }) => [
    area,
    String(passed),
    failed === 0 ? '0' : paint.red(String(failed)),
    String(skipped),
  ]);
  const { passed, failed, skipped } = countOf(results);
  const failures = results
    .filter((result) => inFull || isFailed(result))
    .map((result) => renderCase(result, inFull, paint));
  return [
    table(['area', 'passed', 'failed', 'skipped'], rows, paint),
    ...failures,
    '',
    `${passed} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

function renderCase(result: CaseResult, inFull: boolean, paint: Paint): string {
  const { id, verdict, reason, differences } = result;
  const telling = differences.filter(({ level }) => inFull || level !== 'wording');
  const shownOnes = inFull ? telling : telling.slice(0, 1);
  const more = telling.length - shownOnes.length;
  return [
    '',
    `${paint[verdict === 'failed' ? 'red' : 'green'](verdict)}  ${paint.bold(id)}`,
    ...(reason === undefined ? [] : [wrap(reason, 80, '  ')]),
    ...shownOnes.map((one) => renderDifference(one, inFull, paint)),
    ...(more > 0 ? [paint.dim(`  and ${more} more: --show ${id}`)] : []),
  ].join('\n');
}

function renderDifference(
  { level, where, expected, actual }: Difference,
  inFull: boolean,
  paint: Paint,
) {
  const value = (of: unknown) => {
    const text = JSON.stringify(of, null, inFull ? 2 : 0) ?? 'nothing';
    return inFull || text.length <= 66 ? text : `${text.slice(0, 65)}…`;
  };
  return [
    `  ${where} ${paint.dim(`(${level})`)}`,
    `    ${paint.dim('recorded')} ${value(expected)}`,
    `    ${paint.dim('here    ')} ${value(actual)}`,
  ].join('\n');
}
