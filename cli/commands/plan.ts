import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { examinePlaybook, type PlaybookOptions, readTexts } from '#cli/playbook.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import { counted, type Paint, wrap } from '#cli/terminal.ts';
import { versionInForce } from '#cli/versions/at-start.ts';
import {
  type ClockPreview,
  countOf,
  lookAt,
  previewClocks,
  type UnderWay,
} from '#cli/versions/under-way.ts';
import type { Playbook } from '#core/playbook.ts';
import { openReader } from '#platform/embedded/reader.ts';
import { type Change, diffPlaybooks } from '#workflows/language/diff.ts';
import { refused } from './check.ts';

/** `baton plan`: what a playbook changes, and how many leads under way that concerns. */
export function planCommand(): Command {
  return new Command('plan')
    .summary('say what a playbook would change, and for how many leads')
    .description(
      "Compares a playbook with the version in force in the hub's store: what changes in words, how many leads under way each change concerns, and what each rule would do to their clocks. Changes nothing. Exits with 0 whether or not there are changes, and with 1 where the playbook has problems.",
    )
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .addHelpText('after', '\nExample:\n  $ baton plan --playbook my-playbook\n')
    .action(answering(plan));
}

interface Plan {
  readonly from: string | undefined;
  readonly to: string;
  readonly changes: readonly (Change & { readonly leads?: number | undefined })[];
  readonly runs: {
    readonly underWay: number;
    readonly byVersion: Readonly<Record<string, number>>;
  };
  readonly clocks: readonly ClockPreview[];
}

async function plan(options: StoreOptions & PlaybookOptions): Promise<Answer> {
  const { folder, playbook, problems } = await examinePlaybook(options);
  if (playbook === undefined) return refused(folder, problems);
  const planned = await planFor(resolve(options.data), playbook);
  return {
    json: { ...planned, changed: planned.from !== planned.to },
    text: (paint) => render(planned, paint),
  };
}

async function planFor(folder: string, to: Playbook): Promise<Plan> {
  const kept = await versionInForce(folder);
  if (kept === undefined) {
    const runs = { underWay: 0, byVersion: {} };
    return { from: undefined, to: to.version, changes: [], runs, clocks: [] };
  }
  const from = await readTexts(kept.files);
  const store = openReader(folder);
  try {
    const found = lookAt(store);
    return {
      from: from.version,
      to: to.version,
      changes: diffPlaybooks(from, to).map((one) => withLeads(one, found)),
      runs: { underWay: found.runs.length, byVersion: versionsOf(found) },
      clocks: previewClocks(found, to, store.now()),
    };
  } finally {
    store.close();
  }
}

const withLeads = (change: Change, found: UnderWay) =>
  change.concerns === undefined ? change : { ...change, leads: countOf(found, change.concerns) };

function versionsOf({ runs }: UnderWay): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { playbook = 'unknown' } of runs) counts[playbook] = (counts[playbook] ?? 0) + 1;
  return counts;
}

function render(planned: Plan, paint: Paint): string {
  const { from, to, changes, runs, clocks } = planned;
  if (from === undefined) {
    return `No version is in force here yet: ${paint.bold(to)} will be the first.`;
  }
  if (from === to) return `${paint.green('Nothing changes')}: ${to} is in force.`;
  const parts = [...new Set(changes.map(({ part }) => part))].map((part) => {
    const lines = changes.filter((one) => one.part === part).map((one) => lineOf(one));
    return [paint.bold(part), ...lines].join('\n');
  });
  const pinned = `${counted(runs.underWay, 'run')} under way: they end by their own version, unless applied with --running migrate.`;
  return [
    `${from} is in force, and ${paint.bold(to)} would be.`,
    ...parts,
    [pinned, ...clocks.map(clockLine)].map((line) => wrap(line, 80)).join('\n'),
  ].join('\n\n');
}

const LEADS = { runs: 'run', clocks: 'running clock', leads: 'open lead' } as const;

function lineOf({ what, concerns, leads }: Plan['changes'][number]): string {
  const touched =
    concerns === undefined || leads === undefined
      ? ''
      : ` (${counted(leads, LEADS[concerns.kind])})`;
  return wrap(`${what}${touched}`, 80, '    ').replace(/^ {4}/, '  ');
}

const clockLine = ({ rule, moved, dueAtOnce }: ClockPreview) =>
  rule === 'keep'
    ? '--clocks keep: running clocks stay as they are.'
    : `--clocks ${rule}: ${counted(moved, 'running clock')} would move, ${dueAtOnce} of them would be late at once.`;
