import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { pickCommand } from '#cli/lead/match-pick.ts';
import { queueCommand } from '#cli/lead/match-queue.ts';
import type { Paint } from '#cli/terminal.ts';
import { HubError } from '#core/errors.ts';
import { readCompanyName } from '#core/identity/company-name.ts';
import { ALIKE, nameSimilarity } from '#core/identity/name-similarity.ts';

/** `baton match`: how well the hub tells which company is which, and where it can't. */
export function matchCommand(): Command {
  return new Command('match')
    .summary('measure matches of companies, list and settle the doubtful ones')
    .description(
      'Measures how well companies are told apart on pairs of names that people have judged, lists people who may belong to several accounts, and settles one by hand.',
    )
    .addCommand(pairsCommand())
    .addCommand(queueCommand())
    .addCommand(pickCommand())
    .addHelpText('after', '\nExample:\n  $ baton match queue\n');
}

function pairsCommand(): Command {
  return new Command('pairs')
    .summary('compare matches with labelled pairs of names')
    .description(
      'Matches the two company names of each line and compares the answer with the label. Prints precision, recall and F1.',
    )
    .argument('<file>', 'CSV with a heading')
    .option('--left <column>', 'the one name (default: gt_name, name_1, left, a ...)')
    .option('--right <column>', 'the other name (default: name, name_2, right, b ...)')
    .option('--label <column>', 'whether they are one company (default: correct, match, label ...)')
    .option('--threshold <score>', 'alike from this score on, 0 to 1', String(ALIKE))
    .option('--wrong', 'list the pairs that were taken wrongly')
    .addHelpText('after', '\nExample:\n  $ baton match pairs pairs.csv --wrong\n')
    .action(answering(pairs));
}

interface PairsOptions {
  readonly left?: string;
  readonly right?: string;
  readonly label?: string;
  readonly threshold: string;
  readonly wrong?: true;
}

interface Judged {
  readonly left: string;
  readonly right: string;
  readonly score: number;
  readonly expected: boolean;
  readonly matched: boolean;
}

async function pairs(file: string, options: PairsOptions): Promise<Answer> {
  const threshold = Number(options.threshold);
  if (!(threshold >= 0 && threshold <= 1))
    throw new HubError(
      'config',
      'threshold_unreadable',
      '--threshold must be a number from 0 to 1, such as 0.72.',
    );
  const rows = await readRows(file);
  const columns = columnsOf(rows[0] ?? {}, options);
  const judged = rows.map((row) => judge(row, columns, threshold));
  const wrong = judged.filter(({ expected, matched }) => expected !== matched);
  const figures = measure(judged);
  return {
    json: { ...figures, threshold, ...(options.wrong && { wrong }) },
    text: (paint) => render(figures, options.wrong ? wrong : [], paint),
  };
}

async function readRows(file: string): Promise<Record<string, string>[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new HubError('config', 'pairs_missing', `There is no file ${shown(file)}.`);
  });
  const rows = readCsv(text, file);
  if (rows.length > 0) return rows;
  throw new HubError('config', 'pairs_unusable', `${shown(file)} has no lines below its heading.`);
}

function readCsv(text: string, file: string): Record<string, string>[] {
  try {
    return parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HubError(
      'config',
      'pairs_unusable',
      `${shown(file)} is no CSV that can be read: ${reason}.`,
    );
  }
}

/** What such columns are called where people publish labelled pairs. */
const KNOWN = {
  left: [
    'gt_name',
    'name_1',
    'name1',
    'name_a',
    'left',
    'left_name',
    'a',
    'company_1',
    'company_a',
  ],
  right: [
    'name',
    'name_2',
    'name2',
    'name_b',
    'right',
    'right_name',
    'b',
    'company_2',
    'company_b',
  ],
  label: ['correct', 'match', 'is_match', 'label', 'same', 'duplicate', 'is_duplicate', 'expected'],
};
type Columns = Record<keyof typeof KNOWN, string>;

function columnsOf(row: Record<string, string>, options: PairsOptions): Columns {
  const find = (part: keyof typeof KNOWN): string => {
    const wanted = options[part];
    const names = Object.keys(row);
    const found = (wanted === undefined ? KNOWN[part] : [wanted]).find((name) =>
      names.includes(name),
    );
    if (found !== undefined) return found;
    throw new HubError(
      'config',
      'column_unknown',
      `There is no column ${wanted === undefined ? `that looks like the ${part} one` : `'${wanted}'`}; name it with --${part}. There are: ${names.join(', ')}.`,
    );
  };
  return { left: find('left'), right: find('right'), label: find('label') };
}

const YES = new Set(['true', '1', 'yes', 'y', 't', 'match', 'same']);

function judge(row: Record<string, string>, columns: Columns, threshold: number): Judged {
  const [left = '', right = ''] = [row[columns.left], row[columns.right]];
  const { score } = nameSimilarity(readCompanyName(left), readCompanyName(right));
  const expected = YES.has((row[columns.label] ?? '').toLowerCase());
  return { left, right, score, expected, matched: score >= threshold };
}

/** Shares of nothing are 1: nothing was taken wrongly, nothing was missed. */
const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);

function measure(judged: readonly Judged[]) {
  const count = (expected: boolean, matched: boolean) =>
    judged.filter((one) => one.expected === expected && one.matched === matched).length;
  const truePositives = count(true, true);
  const falsePositives = count(false, true);
  const falseNegatives = count(true, false);
  const trueNegatives = count(false, false);
  return {
    pairs: judged.length,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  };
}

function render(
  figures: ReturnType<typeof measure>,
  wrong: readonly Judged[],
  paint: Paint,
): string {
  const { pairs: all, truePositives, falsePositives, falseNegatives, trueNegatives } = figures;
  const percent = (value: number) => value.toFixed(3);
  const lines = [
    `${all} pairs: ${truePositives} matched rightly, ${falsePositives} wrongly; ${falseNegatives} missed, ${trueNegatives} left apart`,
    `precision ${paint.bold(percent(figures.precision))}  recall ${paint.bold(percent(figures.recall))}  F1 ${paint.bold(percent(figures.f1))}`,
  ];
  const listed = wrong.map(
    ({ left, right, score, expected }) =>
      `${expected ? paint.yellow('missed ') : paint.red('wrongly')}  ${score.toFixed(2)}  ${left}\n               ${right}`,
  );
  return [...listed, ...lines].join('\n');
}
