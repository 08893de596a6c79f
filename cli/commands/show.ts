import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { timesOf } from '#cli/lead/clock-progress.ts';
import { renderLead } from '#cli/lead/render-lead.ts';
import { readTimeline } from '#cli/lead/timeline.ts';
import type { PlaybookOptions } from '#cli/playbook.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { findLead } from '#core/administer/find-lead.ts';
import { readHandoffs } from '#core/records/of-person.ts';

/** `baton show`: all that is known of one lead. */
export function showCommand(): Command {
  return new Command('show')
    .summary('tell the whole story of one lead')
    .description(
      'Says who a lead is, who owns it and what is to be done next, and tells its timeline: events, decisions with their reasons, effects and clocks.',
    )
    .argument('<lead>', "an e-mail address, a person's id or a hand-off's id")
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)')
    .addHelpText('after', '\nExample:\n  $ baton show jane.doe@acme.example\n')
    .action(answering(show));
}

function show(lead: string, options: StoreOptions & PlaybookOptions): Promise<Answer> {
  return fromStore(options, async ({ records, now }) => {
    const person = await findLead(records, lead);
    const handoffs = await readHandoffs(records, person);
    const times = await timesOf(options, handoffs, now());
    const timeline = await readTimeline(records, person);
    return {
      json: { person, handoffs, times, timeline },
      text: (paint) => renderLead({ person, handoffs, times, timeline }, now(), paint),
    };
  });
}
