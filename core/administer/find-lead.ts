import { HubError } from '#core/errors.ts';
import { follow } from '#core/identity/merge/follow.ts';
import { identify } from '#core/intake/identify.ts';
import type { Records } from '#core/ports/records.ts';
import { personIdOfHandoff, readInvitation } from '#core/records/handoff.ts';
import type { Person } from '#core/records/person.ts';

/** The lead that is meant by a person's id, an e-mail address or a hand-off's id. */
export async function findLead(records: Records, text: string): Promise<Person> {
  const id = await idOf(records, text.trim());
  const person = id === undefined ? undefined : await follow(records, id);
  if (person !== undefined) return person.data;
  throw new HubError(
    'data',
    'lead_unknown',
    `Nobody is known as '${text}'. Give an e-mail address, a person's id (per_…) or a hand-off's (ho_…); 'baton leads' lists them.`,
  );
}

async function idOf(records: Records, text: string): Promise<string | undefined> {
  if (text.startsWith('ho_')) return personIdOfHandoff(readInvitation(text).id);
  if (text.includes('@')) return (await identify(records, { email: text })).personId;
  return text;
}
