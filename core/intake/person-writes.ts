import type { CanonicalEvent, ExternalRef } from '#core/events.ts';
import { type Leaf, readLeaf } from '#core/identity/merge/follow.ts';
import { withKnown } from '#core/identity/merge/join-people.ts';
import { ownItem } from '#core/identity/merge/merge-record.ts';
import type { Records, Write } from '#core/ports/records.ts';
import { membersOf, mergedItem, type Person, personItem } from '#core/records/person.ts';
import type { Stored } from '#core/records/store.ts';
import { applyFacts } from './apply-facts.ts';
import type { Identified } from './identify.ts';

/** The person as the event leaves them, and those for whom they stand. */
export async function personWrites(
  records: Records,
  event: CanonicalEvent,
  found: Identified,
  person: Person,
): Promise<Write[]> {
  const { stored } = found;
  const version = (stored?.version ?? 0) + 1;
  return [
    {
      put: personItem(person, version),
      if: stored === undefined ? 'absent' : { version: stored.version },
    },
    ...(await leafWrites(records, event, found)),
  ];
}

/**
 * What somebody who was merged told stays theirs too, should the merge be undone; whoever is
 * forgotten is forgotten everywhere.
 */
async function leafWrites(
  records: Records,
  event: CanonicalEvent,
  found: Identified,
): Promise<Write[]> {
  const { stored, holder } = found;
  if (stored?.data.merged === undefined || holder === undefined) return [];
  const root = stored.data;
  const members = event.type === 'person.erased' ? membersOf(root) : [holder];
  const own = ownPart(event, found);
  const leaves = await Promise.all(members.map((id) => readLeaf(records, root, id)));
  return leaves.map((leaf) => leafWrite(leaf, applyFacts(leaf.stored.data, own)));
}

/** Puts one leaf with what changed of it. */
export function leafWrite({ stored: { data, version }, isOwn }: Leaf, changed: Person): Write {
  const person = withKnown(data, changed);
  const put = isOwn ? ownItem(person, version + 1) : mergedItem(person, version + 1);
  return { put, if: { version } };
}

/** The event without the names that are somebody else's, however one the two are now. */
export function ownPart(event: CanonicalEvent, { elsewhere }: Identified): CanonicalEvent {
  const isTheirs = ({ connection, kind, id }: ExternalRef) =>
    elsewhere.some((alias) => alias.kind === `${connection}/${kind}` && alias.value === id);
  const { anonymousId, external, ...names } = event.subject;
  const visitor = elsewhere.some(({ kind, value }) => kind === 'visitor' && value === anonymousId);
  const subject = {
    ...names,
    ...(visitor || anonymousId === undefined ? {} : { anonymousId }),
    ...(external === undefined ? {} : { external: external.filter((ref) => !isTheirs(ref)) }),
  };
  if (event.type !== 'person.merged') return { ...event, subject };
  return { ...event, subject, from: event.from.filter((ref) => !isTheirs(ref)) };
}

/** The record of one member of a person, where the person is more than that member. */
export const leafOf = async (
  records: Records,
  root: Stored<Person>,
  holder: string,
): Promise<Leaf | undefined> =>
  root.data.merged === undefined ? undefined : readLeaf(records, root.data, holder);
