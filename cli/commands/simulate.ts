import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { openPlaybook, playbookFolder } from '#cli/playbook.ts';
import { leadHistory } from '#cli/replay/leadforge.ts';
import { hasTables, readTables } from '#cli/replay/tables.ts';
import { compareWins } from '#cli/simulate/compare.ts';
import { wholeNumber } from '#cli/simulate/numbers.ts';
import type { Outcome } from '#cli/simulate/outcome.ts';
import { type History, rehearseHistory, rehearseWorld } from '#cli/simulate/rehearse.ts';
import { type Played, renderSimulation } from '#cli/simulate/render.ts';
import { storeHistory } from '#cli/simulate/store-history.ts';
import { inventWorld } from '#cli/simulate/world.ts';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';

interface SimulateOptions {
  readonly days: number;
  readonly leads: number;
  readonly seed: string;
  readonly playbook?: string;
  readonly against?: string;
  readonly config?: string;
  readonly history?: string;
}

/** `baton simulate`: what a playbook would do, beside what another one would. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .summary('try a playbook on invented people, or on what happened')
    .description(
      'Plays a playbook, or two side by side, on a clock that jumps. Nothing can be sent: operations are written down and not called. Both playbooks meet the same people, who do the same as long as the playbooks do.',
    )
    .option('--days <count>', 'how many days', wholeNumber(1, 365), 90)
    .option('--leads <count>', 'how many leads come', wholeNumber(1, 50_000), 200)
    .option('--seed <seed>', 'the same seed gives the same people', '1')
    .option(
      '--playbook <folder>',
      'the playbook (default: the one of baton.json, else the shipped)',
    )
    .option('--against <folder>', 'another one, to compare it with')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option(
      '--history <folder>',
      "a hub's store, or a leadforge data set, in the place of invented people",
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ baton simulate --playbook my-playbook --against in-force\n  $ baton simulate --playbook my-playbook --history .baton\n',
    )
    .action(answering(simulate));
}

async function simulate(options: SimulateOptions): Promise<Answer> {
  const rehearse = await stageOf(options);
  const play = async (folder: string): Promise<Played> => {
    const playbook = await openPlaybook({ playbook: folder });
    return { folder: shown(folder), version: playbook.version, outcome: await rehearse(playbook) };
  };
  const played = await play(playbookFolder(options));
  const against = options.against === undefined ? undefined : await play(resolve(options.against));
  const wins =
    against === undefined ? undefined : compareWins(played.outcome.wins, against.outcome.wins);
  const astray = [played, against].some((one) => (one?.outcome.findings.length ?? 0) > 0);
  return {
    json: { ...about(options), playbook: played, against, wins },
    text: (paint) => renderSimulation(played, against, wins, paint),
    exitCode: astray ? 1 : 0,
  };
}

const about = ({ days, leads, seed, history }: SimulateOptions) =>
  history === undefined ? { days, leads, seed } : { history: shown(resolve(history)) };

/** What both playbooks are played on. */
async function stageOf(
  options: SimulateOptions,
): Promise<(playbook: Playbook) => Promise<Outcome>> {
  if (options.history === undefined) {
    const world = inventWorld(options.seed, options.leads, options.days);
    return (playbook) => rehearseWorld(world, playbook);
  }
  const history = await readHistory(resolve(options.history));
  return (playbook) => rehearseHistory(history, playbook);
}

async function readHistory(folder: string): Promise<History> {
  if (existsSync(join(folder, 'baton.db'))) return storeHistory(folder);
  if (await hasTables(folder)) return leadHistory(await readTables(folder));
  throw new HubError(
    'config',
    'history_missing',
    `${shown(folder)} holds neither a hub's store nor a leadforge data set. Name another folder with --history.`,
  );
}
