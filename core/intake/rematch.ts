import type { CanonicalEvent } from '#core/events.ts';
import { ambiguityKey } from '#core/identity/ambiguity.ts';
import { evidenceOf } from '#core/identity/find-account.ts';
import { matchAgain } from '#core/identity/match-again.ts';
import { moveWrites } from '#core/identity/move-account.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';

/** What a match goes by. */
const told = (person: Person) => JSON.stringify([evidenceOf(person), person.facts.email]);

interface Rematched {
  readonly person: Person;
  readonly writes: Write[];
}

/**
 * The person with the account that new facts lead to, and what their account lists of them. An open
 * hand-off stays with whoever has it, for a conversation is no more for moving than a person is: the
 * new account counts from the next routing on, be that because nobody acts or because they come
 * again.
 */
export async function rematch(
  deps: Pick<Hub, 'records' | 'order'>,
  event: Pick<CanonicalEvent, 'id' | 'at' | 'type'>,
  before: Person | undefined,
  after: Person,
): Promise<Rematched> {
  const { person, writes } = await matchedAgain(deps, event, before, after);
  return { person, writes: [...writes, ...moveWrites(before, person)] };
}

/**
 * Only somebody who was matched before, or who waits for it, is matched again; whom the new facts
 * lead nowhere stays where they are.
 */
async function matchedAgain(
  deps: Pick<Hub, 'records' | 'order'>,
  event: Pick<CanonicalEvent, 'id' | 'at' | 'type'>,
  before: Person | undefined,
  after: Person,
): Promise<Rematched> {
  const same = { person: after, writes: [] };
  // What an event says of an account is written with it, and one write can't do so twice.
  if (event.type === 'account.changed' || after.picked !== undefined) return same;
  if (before === undefined || told(before) === told(after)) return same;
  const waits = before.accountId !== undefined || before.awaits !== undefined;
  if (!waits && (await deps.records.get(ambiguityKey(after.id))) === undefined) return same;
  return matchAgain(deps, after, { at: event.at, key: event.id, because: { event: event.id } });
}
