import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import { sameAddress } from './parties.ts';
import { signableOf } from './signables.ts';
import { readInForce, type Subject, Subject as Subjects, signText } from './signed-texts.ts';

/** The texts of a playbook that can be signed. */
export function textsOf({ agreement, targets }: Pick<Playbook, 'agreement' | 'targets'>) {
  const texts: Record<Subject, unknown> = { agreement, targets };
  return Subjects.options.flatMap((subject) =>
    texts[subject] === undefined ? [] : [signableOf(subject, texts[subject])],
  );
}

/**
 * Signs everything of a playbook in the names of its parties: for a company that is made up, where
 * nobody is there to ask. What is in force already stays so; a text for which a party has nobody of
 * its own stays unsigned.
 */
export async function signAsEverybody(
  hub: Pick<Hub, 'records' | 'now'>,
  playbook: Pick<Playbook, 'agreement' | 'targets'>,
): Promise<void> {
  for (const signable of textsOf(playbook)) {
    if ((await readInForce(hub.records, signable.subject)) !== undefined) continue;
    const taken: string[] = [];
    for (const party of signable.keys) {
      const free = (address: string) => !taken.some((one) => sameAddress(one, address));
      const by = signable.parties[party]?.find(free);
      if (by === undefined) break;
      taken.push(by);
      await signText(hub, signable, { party, by });
    }
  }
}
