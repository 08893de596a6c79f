import { resolve } from 'node:path';
import { askHub } from '#cli/store/ask-hub.ts';
import { SigningOutcome, signAsAsked } from '#core/agreement/sign-request.ts';
import type { Subject } from '#core/agreement/signed-texts.ts';
import type { Signing } from '#core/agreement/two-keys.ts';
import { timeIn } from '#platform/embedded/clock-anchor.ts';
import { openDatabase } from '#platform/embedded/database.ts';
import { embeddedRecords } from '#platform/embedded/embedded-records.ts';
import { holderOf } from '#platform/embedded/reader.ts';

/** Puts a signature under a text: through the hub that works on the folder, or in its store. */
export async function signFor(
  data: string,
  subject: Subject,
  document: unknown,
  signing: Signing,
): Promise<SigningOutcome> {
  const folder = resolve(data);
  const asked = { document, ...signing };
  if (holderOf(folder) !== undefined) {
    return SigningOutcome.parse(await askHub(folder, `/admin/signatures/${subject}`, asked));
  }
  const now = timeIn(folder);
  const db = openDatabase(folder);
  try {
    return await signAsAsked({ records: embeddedRecords(db), now }, { subject, ...asked });
  } finally {
    db.close();
  }
}
