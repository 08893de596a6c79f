import { Command, Option } from 'commander';
import { openPlaybook, type PlaybookOptions } from '#cli/playbook.ts';
import type { StoreOptions } from '#cli/store/open-store.ts';
import type { Party } from '#core/agreement/parties.ts';
import { textsOf } from '#core/agreement/sign-all.ts';
import type { Signable, Subject } from '#core/agreement/signed-texts.ts';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';

export type SignedOptions = StoreOptions & PlaybookOptions;
export type SignOptions = SignedOptions & { readonly as: Party; readonly by: string };

/** A command about a text of the playbook and its signatures. */
export function signedCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data <folder>', "the hub's folder", '.baton')
    .option('--config <file>', 'the configuration (default: baton.json)')
    .option('--playbook <folder>', 'the playbook (default: of baton.json, else the shipped one)');
}

/** The command that signs; who may is in the text itself. */
export const signCommand = (what: string, parties: readonly Party[]) =>
  signedCommand('sign', `Puts a signature under the ${what} as it stands in the playbook.`)
    .addOption(
      new Option('--as <party>', 'for whom').choices([...parties]).makeOptionMandatory(true),
    )
    .requiredOption('--by <address>', 'who signs: one of those the text names for this party');

/** The playbook with its text that is signed; throws where it has none. */
export async function openSignable(
  subject: Subject,
  options: PlaybookOptions,
): Promise<{ playbook: Playbook; signable: Signable }> {
  const playbook = await openPlaybook(options);
  const signable = textsOf(playbook).find((one) => one.subject === subject);
  if (signable !== undefined) return { playbook, signable };
  throw new HubError(
    'config',
    'nothing_to_sign',
    `The playbook has no ${subject}.json. Write one; docs/playbook.md shows how.`,
  );
}
