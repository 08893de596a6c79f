import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { shown } from '#cli/config.ts';
import { openPlaybook } from '#cli/playbook.ts';
import { leadHistory, someAccounts } from '#cli/replay/leadforge.ts';
import { playHistory } from '#cli/replay/play-history.ts';
import { renderReckoning } from '#cli/replay/render.ts';
import { hasTables, readTables } from '#cli/replay/tables.ts';
import { wholeNumber } from '#cli/simulate/numbers.ts';
import { HubError } from '#core/errors.ts';

/** The playbook by which the company of the data set works. */
const DATA_SET_PLAYBOOK = fileURLToPath(new URL('../replay/playbook', import.meta.url));

interface ReplayOptions {
  readonly from: string;
  readonly playbook?: string;
  readonly accounts?: number;
  readonly seed: string;
}

/** `baton replay`: a history through a hub's own intake, and what became of each lead. */
export function replayCommand(): Command {
  return new Command('replay')
    .summary('tell a hub a history of leads and account for every one')
    .description(
      'Brings leads, touches, sales activities and deals of a leadforge data set (Parquet) through the normal intake on a clock that jumps. Nothing is sent: operations are written down and not called. Finds what sales never worked, and that it was handed back.',
    )
    .requiredOption('--from <folder>', 'where the tables lie')
    .option('--playbook <folder>', "another playbook (default: the data set's)")
    .option('--accounts <count>', 'only the leads of so many accounts', wholeNumber(1, 1_000_000))
    .option('--seed <seed>', 'which accounts', '1')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton replay --from leadforge-intro\n  $ baton replay --from leadforge-intro --accounts 50 --seed 7\n',
    )
    .action(answering(replay));
}

async function replay(options: ReplayOptions): Promise<Answer> {
  const started = performance.now();
  const folder = resolve(options.from);
  if (!(await hasTables(folder))) {
    throw new HubError(
      'config',
      'history_missing',
      `There is no leads.parquet in ${shown(folder)}. Name the folder of a leadforge data set with --from.`,
    );
  }
  const playbook = await openPlaybook({ playbook: options.playbook ?? DATA_SET_PLAYBOOK });
  const tables = await readTables(folder);
  const wanted =
    options.accounts === undefined ? tables : someAccounts(tables, options.accounts, options.seed);
  const reckoning = await playHistory(leadHistory(wanted), playbook);
  const wallMs = Math.round(performance.now() - started);
  return {
    json: { ...reckoning, wallMs },
    text: (paint) => renderReckoning(reckoning, wallMs, paint),
    exitCode: reckoning.unaccounted > 0 ? 1 : 0,
  };
}
