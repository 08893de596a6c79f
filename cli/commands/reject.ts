import { resolve } from 'node:path';
import { Command } from 'commander';
import * as z from 'zod';
import { type Answer, answering } from '#cli/answer.ts';
import { lastHandoff } from '#cli/lead/last-handoff.ts';
import { askHub } from '#cli/store/ask-hub.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';

interface RejectOptions extends StoreOptions {
  readonly reason: string;
  readonly by: string;
  readonly date?: string;
  readonly note?: string;
}

/** `baton reject`: a lead goes back to marketing, with a reason and a date where one was named. */
export function rejectCommand(): Command {
  return new Command('reject')
    .summary('give a lead back to marketing, with the reason and when to talk again')
    .description(
      'Gives a lead back for its owner, for one of the reasons that tracks.json lets sales give. With a date a reason that goes by one brings the lead up ahead of it. The hub must be running.',
    )
    .argument('<lead>', "an e-mail address, a person's id or a hand-off's id")
    .requiredOption('--reason <reason>', 'one of salesMayGive in tracks.json')
    .requiredOption('--by <address>', 'its owner, or the manager of its owner')
    .option('--date <day>', 'when to talk again, such as 2027-03-01')
    .option('--note <text>', 'what else there is to say')
    .option('--data <folder>', "the hub's folder", '.baton')
    .addHelpText(
      'after',
      '\nExample:\n  $ baton reject jane.doe@acme.example --reason not_now_timing \\\n      --date 2027-03-01 --by anna@acme.example\n',
    )
    .action(answering(reject));
}

const Rejected = z.object({ owner: z.string() });

async function reject(lead: string, options: RejectOptions): Promise<Answer> {
  const { data, reason, by, date, note } = options;
  const folder = resolve(data);
  const handoff = await lastHandoff(folder, lead);
  const path = `/admin/handoffs/${encodeURIComponent(handoff)}/reject`;
  const { owner } = Rejected.parse(await askHub(folder, path, { reason, by, date, note }));
  const again = date === undefined ? '' : `, to be asked again on ${date}`;
  return {
    json: { handoff, owner, reason, date },
    text: () => `${lead} goes back to marketing from ${owner}: ${reason}${again}.`,
  };
}
