import { Command } from 'commander';
import { type Answer, answering } from '#cli/answer.ts';
import { explainLead } from '#cli/lead/explanation.ts';
import { renderExplanation } from '#cli/lead/render-explanation.ts';
import { row } from '#cli/lead/row.ts';
import type { PlaybookOptions } from '#cli/playbook.ts';
import { fromStore, type StoreOptions } from '#cli/store/open-store.ts';
import { playbookUsed } from '#cli/versions/playbook-used.ts';
import { findLead } from '#core/administer/find-lead.ts';

/** `baton explain`: why a lead is rated as it is, and why its owner owns it. */
export function explainCommand(): Command {
  return new Command('explain')
    .summary('say why a lead is rated so, and why its owner owns it')
    .description(
      'Rates a lead as of now and names every point, its rule, its touch and what it is worth today, and the least that would make it an A1; then tells how its owner was chosen. It goes by the playbook in force and says so.',
    )
    .argument('<lead>', "an e-mail address, a person's id or a hand-off's id")
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option(
      '--playbook <folder>',
      'another playbook than the one in force (default: that; else of baton.json, or the shipped)',
    )
    .addHelpText('after', '\nExample:\n  $ baton explain jane.doe@acme.example\n')
    .action(answering(explain));
}

async function explain(lead: string, options: StoreOptions & PlaybookOptions): Promise<Answer> {
  const { playbook, from, where } = await playbookUsed(options);
  return fromStore(options, async ({ records, now }) => {
    const person = await findLead(records, lead);
    const explanation = await explainLead(records, playbook, person, now());
    return {
      json: { ...explanation, playbookFrom: from },
      text: (paint) =>
        [renderExplanation(explanation, paint), row('playbook', where, paint)].join('\n'),
    };
  });
}
