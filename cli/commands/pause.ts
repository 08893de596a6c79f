import { resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { type Answer, answering } from '#cli/answer.ts';
import { lastHandoff } from '#cli/lead/last-handoff.ts';
import { moment } from '#cli/moment.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';

interface PauseOptions extends StoreOptions {
  readonly reason: string;
  readonly for: string;
  readonly by: string;
}

/** `baton pause`: the clock of a lead stands still for a reason, within the budget of its policy. */
export function pauseCommand(): Command {
  return onLead('pause', 'let the clock of a lead stand still for a while')
    .description(
      'Pauses the clock that runs for a lead, for one of the reasons and within the budget that clocks.json gives it: its deadline and what comes after move by as much. The hub must be running.',
    )
    .requiredOption('--reason <reason>', 'one of the reasons that the clock allows')
    .requiredOption('--for <duration>', '"1 business day", "4 business hours"')
    .option('--by <who>', 'who asks for it', 'ops')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton pause jane.doe@acme.example --reason waiting-for-buyer \\\n      --for "1 business day"\n',
    )
    .action(
      answering((lead: string, options: PauseOptions) => {
        const { reason, for: length, by } = options;
        return change(lead, options, 'pause', { reason, length, by });
      }),
    );
}

/** `baton resume`: a paused clock runs again. */
export function resumeCommand(): Command {
  return onLead('resume', 'let a paused clock run again')
    .description('Ends a pause before its time: what it has not used is taken back.')
    .option('--by <who>', 'who asks for it', 'ops')
    .addHelpText('after', '\nExample:\n  $ baton resume jane.doe@acme.example\n')
    .action(
      answering((lead: string, options: StoreOptions & { by: string }) =>
        change(lead, options, 'resume', { by: options.by }),
      ),
    );
}

/** `baton veto`: a manager keeps a lead with its owner. */
export function vetoCommand(): Command {
  return onLead('veto', 'keep a lead with its owner that is about to leave')
    .description(
      'While the grace lasts that clocks.json gives a ladder, the manager of the owner keeps the lead with them for as long as it says there. The hub must be running.',
    )
    .requiredOption('--by <address>', 'the manager of the owner')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton veto jane.doe@acme.example --by boss@acme.example\n',
    )
    .action(
      answering((lead: string, options: StoreOptions & { by: string }) =>
        change(lead, options, 'veto', { by: options.by }),
      ),
    );
}

const onLead = (name: string, summary: string) =>
  new Command(name)
    .summary(summary)
    .argument('<lead>', "an e-mail address, a person's id or a hand-off's id")
    .option('--data <folder>', "the hub's folder", '.baton');

const Changed = z.object({ clock: z.string(), deadline: z.string(), ends: z.string() });

async function change(
  lead: string,
  { data }: StoreOptions,
  deed: 'pause' | 'resume' | 'veto',
  wish: Record<string, string>,
): Promise<Answer> {
  const folder = resolve(data);
  const handoff = await lastHandoff(folder, lead);
  const query = new URLSearchParams(wish).toString();
  const path = `/admin/handoffs/${encodeURIComponent(handoff)}/clock/${deed}?${query}`;
  const changed = Changed.parse(await askHub(folder, path));
  return {
    json: { handoff, ...changed },
    text: () =>
      `Clock ${changed.clock} is due ${moment(changed.deadline)}; its ladder ends ${moment(changed.ends)}.`,
  };
}
