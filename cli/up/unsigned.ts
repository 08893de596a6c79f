import { shortOf } from '#cli/agreement/render.ts';
import { textsOf } from '#core/agreement/sign-all.ts';
import { readInForce } from '#core/agreement/signed-texts.ts';
import { contentHash } from '#core/agreement/two-keys.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import { NO_AGREEMENT } from '#core/steps/agree.ts';
import type { Announcement } from './announce.ts';

/**
 * Tells of the texts of a playbook that are not in force as they stand there. A list of targets that
 * was never agreed on is a proposal and no trouble.
 */
export async function tellOfUnsigned(
  { records, now }: Pick<Hub, 'records' | 'now'>,
  playbook: Pick<Playbook, 'agreement' | 'targets'>,
  tell: (one: Announcement) => void,
): Promise<void> {
  for (const { subject, document } of textsOf(playbook)) {
    const current = await readInForce(records, subject);
    if (current?.hash === contentHash(document)) continue;
    if (current === undefined && subject === 'targets') continue;
    const what =
      current === undefined
        ? NO_AGREEMENT
        : `the ${subject} of the playbook is not signed: ${shortOf(current.hash)} stays in force`;
    const text = `${what} ('baton ${subject} status')`;
    tell({ at: now().toISOString(), what: 'trouble', text });
  }
}
