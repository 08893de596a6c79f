import { join } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { examinePlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import { mustSign } from '#core/agreement/agreement.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Problem } from '#workflows/language/problem.ts';
import type { Workflow } from '#workflows/language/workflow.ts';

/** `baton check`: whether a playbook can be used, and what is in it. */
export function checkCommand(): Command {
  return new Command('check')
    .summary('say what is wrong with a playbook, or what is in it')
    .description('Reads all files of a playbook and names every problem with its place.')
    .option(
      '--playbook <folder>',
      'the playbook (default: the one of baton.json, else the shipped)',
    )
    .option('--config <file>', 'the configuration (default: baton.json)')
    .addHelpText('after', '\nExample:\n  $ baton check --playbook my-playbook\n')
    .action(answering(check));
}

async function check(options: PlaybookOptions): Promise<Answer> {
  const { folder, playbook, problems } = await examinePlaybook(options);
  if (playbook === undefined) return refused(folder, problems);
  const summary = summaryOf(playbook);
  return {
    json: { playbook: folder, problems, ...summary },
    text: (paint) => renderSummary(folder, summary, paint),
  };
}

/** The answer about a playbook that can not be used: all its problems. */
export const refused = (folder: string, problems: readonly Problem[]): Answer => ({
  json: { playbook: folder, problems },
  text: (paint) => renderProblems(folder, problems, paint),
  exitCode: 1,
});

/** Every problem under the place that a terminal turns into a link. */
export function renderProblems(folder: string, problems: readonly Problem[], paint: Paint): string {
  const blocks = problems.map(({ file, line, column, path, message, value, suggestion }) => {
    const place = paint.bold(`${shown(join(folder, file))}:${line}:${column}`);
    return [
      path === '' ? place : `${place}  ${paint.dim(path)}`,
      wrap(message, 80, '  '),
      ...(value === undefined ? [] : [`  ${paint.dim('found')} ${excerpt(value)}`]),
      ...(suggestion === undefined ? [] : [`  did you mean ${paint.green(`"${suggestion}"`)}?`]),
    ].join('\n');
  });
  const last = `${paint.red(counted(problems.length, 'problem'))}; a hub does not start with this playbook.`;
  return [...blocks, last].join('\n\n');
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 70 ? text : `${text.slice(0, 69)}…`;
}

type Summary = ReturnType<typeof summaryOf>;

function summaryOf(playbook: Playbook) {
  const { people, calendars, clocks, scoring, routing, tracks, agreement, targets } = playbook;
  const workflows = Object.values(playbook.workflows) as Workflow[];
  return {
    version: playbook.version,
    workflows: workflows.map(({ id, trigger, steps }) => ({
      id,
      on: trigger.on,
      steps: steps.length,
    })),
    scoring: Object.keys(scoring),
    routing: Object.keys(routing),
    clocks: Object.keys(clocks),
    calendars: Object.keys(calendars),
    tracks: tracks.tracks.map(({ id }) => id),
    agreement: agreement && {
      clauses: agreement.clauses.map(({ id }) => id),
      signers: mustSign(agreement),
      reviewBy: agreement.reviewBy,
    },
    targets: targets && {
      accounts: targets.accounts.length,
      goals: targets.goals.length,
      proposedBy: targets.proposedBy,
      reviewBy: targets.reviewBy,
    },
    salespeople: people.salespeople.length,
    managers: people.managers?.length ?? 0,
  };
}

/** What lies before its signers, and by when they look at it again. */
function signedRows({ agreement, targets }: Summary): string[][] {
  const clauses = agreement && counted(agreement.clauses.length, 'clause');
  const accounts = targets && counted(targets.accounts, 'account');
  return [
    [
      'agreement',
      agreement === undefined
        ? 'none: leads go by their rating alone'
        : `${clauses} (${agreement.clauses.join(', ')}), to be signed by ${agreement.signers.join(', ')}, review by ${agreement.reviewBy}`,
    ],
    [
      'targets',
      targets === undefined
        ? 'none'
        : `${accounts}, ${counted(targets.goals, 'goal')}, proposed by ${targets.proposedBy}, review by ${targets.reviewBy}`,
    ],
  ];
}

function renderSummary(folder: string, summary: Summary, paint: Paint): string {
  const { version, workflows, scoring, routing, clocks, calendars, tracks } = summary;
  const people = `${counted(summary.salespeople, 'salesperson', 'salespeople')}, ${counted(summary.managers, 'manager')}`;
  const rows = [
    ['version', version],
    ...workflows.map(({ id, on, steps }) => [
      'workflow',
      `${id}: ${counted(steps, 'step')}, on ${on.join(', ')}`,
    ]),
    ['scoring', scoring.join(', ')],
    ['routing', routing.join(', ')],
    ['clocks', clocks.join(', ')],
    ['calendars', calendars.join(', ')],
    ['tracks', tracks.join(', ')],
    ...signedRows(summary),
    ['people', people],
  ];
  const lines = rows.map(
    ([name = '', value = '']) =>
      `${paint.dim(name.padEnd(11))}${wrap(value, 80, ' '.repeat(11)).trimStart()}`,
  );
  return [`${paint.green('The playbook is fine')}: ${shown(folder)}`, ...lines].join('\n');
}
