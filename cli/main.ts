import { Command, CommanderError } from 'commander';
import { agreementCommand } from './commands/agreement.ts';
import { alertsCommand } from './commands/alerts.ts';
import { applyCommand } from './commands/apply.ts';
import { backupCommand } from './commands/backup.ts';
import { challengeCommand } from './commands/challenge.ts';
import { checkCommand } from './commands/check.ts';
import { doctorCommand } from './commands/doctor.ts';
import { dueCommand } from './commands/due.ts';
import { enrichmentCommand } from './commands/enrichment.ts';
import { explainCommand } from './commands/explain.ts';
import { leadsCommand } from './commands/leads.ts';
import { matchCommand } from './commands/match.ts';
import { mergeCommand } from './commands/merge.ts';
import { newCommand } from './commands/new-connector.ts';
import { pauseCommand, resumeCommand, vetoCommand } from './commands/pause.ts';
import { planCommand } from './commands/plan.ts';
import { quarantineCommand } from './commands/quarantine.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { rejectCommand } from './commands/reject.ts';
import { replayCommand } from './commands/replay.ts';
import { rerunCommand } from './commands/rerun.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { routeCommand } from './commands/route.ts';
import { showCommand } from './commands/show.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statesCommand } from './commands/states.ts';
import { targetsCommand } from './commands/targets.ts';
import { testCommand } from './commands/test.ts';
import { upCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';
import { versionsCommand } from './commands/versions.ts';
import { failureOf, renderFailure } from './failure.ts';
import { sandboxCommand } from './sandbox/command.ts';
import { paintFor } from './terminal.ts';
import { weekCommand } from './week/command.ts';

/** In the order in which somebody new meets them. */
const COMMANDS = [
  weekCommand,
  upCommand,
  sandboxCommand,
  checkCommand,
  testCommand,
  planCommand,
  applyCommand,
  rollbackCommand,
  versionsCommand,
  doctorCommand,
  dueCommand,
  matchCommand,
  mergeCommand,
  leadsCommand,
  showCommand,
  explainCommand,
  enrichmentCommand,
  challengeCommand,
  agreementCommand,
  targetsCommand,
  routeCommand,
  pauseCommand,
  resumeCommand,
  vetoCommand,
  rejectCommand,
  alertsCommand,
  replayCommand,
  simulateCommand,
  quarantineCommand,
  rerunCommand,
  reconcileCommand,
  verifyCommand,
  backupCommand,
  statesCommand,
  newCommand,
];

/** Runs the command line; answers the exit code: 1 for what went wrong or was found, 2 for wrong usage. */
export async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  try {
    await program().parseAsync([...words], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const failure = failureOf(error, words);
    const { code, message } = failure;
    const text = json
      ? JSON.stringify({ error: { code, message } })
      : renderFailure(failure, paintFor(process.stderr, json));
    process.stderr.write(`${text}\n`);
    return failure.exitCode;
  }
}

/** All commands, ready to parse the words of one call. */
export function program(): Command {
  const baton = new Command('baton')
    .description('Passes every lead from marketing to sales, and back when sales does not act.')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton up --sandbox      a hub with make-believe vendors\n',
    )
    .helpCommand('help [command]', 'tell more of a command')
    .helpOption('-h, --help', 'tell more');
  for (const make of COMMANDS) baton.addCommand(make());
  takeOver(baton);
  return baton;
}

/** What goes for all commands, however deep: JSON on request, and errors that are ours to print. */
function takeOver(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} });
  if (command.commands.length === 0 && !command.options.some(({ long }) => long === '--json')) {
    command.option('--json', 'print JSON, and nothing else');
  }
  for (const sub of command.commands) takeOver(sub);
}
