import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { playbookAtStart } from '#cli/versions/at-start.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import { timeIn } from '#platform/embedded/clock-anchor.ts';
import { controlApp } from './control.ts';
import { openDeliveries } from './deliveries.ts';
import { faultCommand, faultsCommand } from './fault-commands.ts';
import { type SandboxNote, sandboxCall, stateFile } from './note.ts';
import { startVendors } from './vendors.ts';

interface Flags {
  readonly data: string;
  readonly playbook?: string;
  readonly json?: boolean;
}

/** `baton sandbox`: the make-believe vendors, and what one may have them do. */
export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description("let the make-believe vendors of 'baton up --sandbox' do something")
    .addHelpText('after', '\nExample:\n  $ baton sandbox leads 5\n')
    .addCommand(serveCommand(), { hidden: true })
    .addCommand(leadsCommand())
    .addCommand(writesCommand())
    .addCommand(faultCommand())
    .addCommand(faultsCommand());
}

function leadsCommand(): Command {
  return new Command('leads')
    .description('let leads come in from all sources')
    .argument('[count]', 'how many', '10')
    .option('--seed <seed>', 'the same seed gives the same people', String(1))
    .option('--data <folder>', 'the data folder of the hub', '.baton')
    .addHelpText('after', '\nExample:\n  $ baton sandbox leads 5\n')
    .action(async (count: string, flags: Flags & { seed: string }) => {
      const { leads } = (await sandboxCall(resolve(flags.data), 'POST', '/leads', {
        count: Number(count),
        seed: flags.seed,
      })) as { leads: { email: string; source: string }[] };
      const lines = leads.map(({ email, source }) => `${source.padEnd(13)} ${email}`);
      console.log(flags.json ? JSON.stringify({ leads }, null, 2) : lines.join('\n'));
    });
}

function writesCommand(): Command {
  return new Command('writes')
    .description('what was written to the make-believe vendors')
    .option('--data <folder>', 'the data folder of the hub', '.baton')
    .addHelpText('after', '\nExample:\n  $ baton sandbox writes --json\n')
    .action(async (flags: Flags) => {
      const writes = (await sandboxCall(resolve(flags.data), 'GET', '/writes')) as Record<
        string,
        { verb: string; target: string; at: string }[]
      >;
      const lines = Object.entries(writes).flatMap(([vendor, all]) =>
        all.map(
          ({ verb, target, at }) =>
            `${at.slice(0, 19)}  ${vendor.padEnd(11)} ${verb.padEnd(15)} ${target}`,
        ),
      );
      console.log(flags.json ? JSON.stringify(writes, null, 2) : lines.sort().join('\n'));
    });
}

/** The process itself; `baton up --sandbox` starts it. */
function serveCommand(): Command {
  return new Command('serve')
    .option('--data <folder>', 'the data folder of the hub', '.baton')
    .option('--playbook <folder>', 'the playbook whose people are the users')
    .action(serve);
}

/** Whoever killed the hub may start it again; after this long nobody will. */
const LONGEST_SILENCE_MS = 10 * 60_000;

async function serve(flags: Flags): Promise<void> {
  const folder = resolve(flags.data);
  // The users of the vendors are the people by whom the hub itself goes.
  const { playbook, first } = await playbookAtStart(flags, folder);
  const from = first === undefined ? 'in force' : 'of its folder';
  console.log(`The people are those of the playbook ${playbook.version}, ${from}.`);
  const deliveries = openDeliveries();
  const vendors = await startVendors({ now: timeIn(folder), playbook, deliver: deliveries.put });
  let stop = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const control = await serveOnLoopback(
    controlApp(vendors, deliveries, () => setTimeout(stop, 20)),
  );
  const watch = setInterval(() => {
    const since = deliveries.silentSince();
    if (since !== undefined && Date.now() - since.getTime() > LONGEST_SILENCE_MS) stop();
  }, 30_000);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);

  const note: SandboxNote = { pid: process.pid, url: control.url };
  writeFileSync(stateFile(folder), JSON.stringify(note));
  await stopped;
  clearInterval(watch);
  rmSync(stateFile(folder), { force: true });
  await control.close();
  await vendors.close();
}
