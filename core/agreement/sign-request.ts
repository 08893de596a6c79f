import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Hub } from '#core/ports/hub.ts';
import { Party } from './parties.ts';
import { signableOf } from './signables.ts';
import { Subject, signText } from './signed-texts.ts';

const Request = z.strictObject({
  subject: Subject,
  /** The whole text that is signed. */
  document: z.unknown(),
  party: Party,
  by: z.string().min(3).max(320),
});

/** What came of a signature, as a program reads it. */
export const SigningOutcome = z.strictObject({
  hash: z.string(),
  signed: z.array(Party),
  missing: z.array(Party),
  /** The hash of what is in force now. */
  inForce: z.string().nullable(),
});
export type SigningOutcome = z.infer<typeof SigningOutcome>;

/**
 * Signs what a request asks for: `{ subject, document, party, by }`. The text comes along, so that
 * what is signed is what the signer has read, whatever playbook the hub was started with.
 */
export async function signAsAsked(
  hub: Pick<Hub, 'records' | 'now'>,
  asked: unknown,
): Promise<SigningOutcome> {
  const { subject, document, party, by } = readable(() => Request.parse(asked));
  const signable = readable(() => signableOf(subject, document));
  const { version, inForce } = await signText(hub, signable, { party, by });
  const signed = version.signatures.map((one) => one.party);
  const missing = version.keys.filter((key) => !signed.includes(key));
  return { hash: version.hash, signed, missing, inForce: inForce?.hash ?? null };
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const [issue] = cause.issues;
    throw new HubError(
      'data',
      'signing_unreadable',
      `What is to be signed can't be read: ${issue?.path.join('.')}: ${issue?.message}. 'baton check' names every place.`,
      { cause },
    );
  }
}
