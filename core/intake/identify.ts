import * as z from 'zod';
import type { ExternalRef, Subject } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import type { Item, Key, Records, Write } from '#core/ports/records.ts';
import { personIdOfHandoff, readInvitation } from '#core/records/handoff.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read } from '#core/records/store.ts';

const Identity = z.strictObject({ personId: z.string() });

/** A name under which a sender may know somebody. */
interface Alias {
  readonly kind: string;
  readonly value: string;
}

const identityKey = (alias: Alias): Key => ({
  pk: `IDENTITY#${alias.kind}#${alias.value}`,
  sk: 'IDENTITY',
});

/** The item that leads from an alias to its person. */
export const identityItem = (alias: Alias, personId: string): Item => ({
  ...identityKey(alias),
  type: 'identity',
  version: 1,
  data: { personId },
});

const visitorAlias = (anonymousId: string): Alias => ({
  kind: 'visitor',
  value: anonymousId,
});
const externalAlias = (ref: ExternalRef): Alias => ({
  kind: `${ref.connection}/${ref.kind}`,
  value: ref.id,
});

/** That a visitor's id is still nobody's: else what is written for the visitor is the person's. */
export const visitorUnknown = (anonymousId: string): Write => ({
  check: identityKey(visitorAlias(anonymousId)),
  if: 'absent',
});

/** Many people share an account: it names none of them. */
const SHARED_KINDS = ['account', 'company'];

/** The aliases that make somebody known, the strongest first; a visitor's id alone does not. */
export function knownAliases(subject: Subject): Alias[] {
  const aliases: Alias[] = [];
  if (subject.email !== undefined)
    aliases.push({ kind: 'email', value: subject.email.trim().toLowerCase() });
  for (const ref of subject.external ?? [])
    if (!SHARED_KINDS.includes(ref.kind)) aliases.push(externalAlias(ref));
  if (subject.userId !== undefined) aliases.push({ kind: 'user', value: subject.userId });
  return aliases;
}

/** The id a person gets on first sight: the same for whoever sees the strongest alias first. */
export function newPersonId(aliases: readonly Alias[]): string {
  const strongest = aliases[0];
  return `per_${shortHash(strongest?.kind ?? '', strongest?.value ?? '')}`;
}

export interface Identified {
  /** Absent: nobody is known under any of the aliases. */
  readonly personId: string | undefined;
  /** Aliases nobody holds yet: whoever the person is, they are theirs now. */
  readonly unclaimed: Alias[];
  /** People that other aliases of the same subject lead to: candidates for a merge. */
  readonly others: string[];
}

/** Finds whom a subject means; the strongest alias that is known decides. */
export async function identify(records: Records, subject: Subject): Promise<Identified> {
  const named = subject.personId ?? handedOff(subject);
  const aliases = knownAliases(subject);
  if (subject.anonymousId !== undefined) aliases.push(visitorAlias(subject.anonymousId));
  const holders = await Promise.all(
    aliases.map((alias) => read(records, Identity, identityKey(alias))),
  );

  const found = holders.flatMap((holder) => (holder === undefined ? [] : [holder.data.personId]));
  const personId = named ?? found[0];
  const byVisitor =
    named === undefined &&
    holders.findIndex((holder) => holder !== undefined) === aliases.length - 1;
  if (byVisitor && (await isSomebodyElse(records, subject, personId)))
    return { personId: undefined, unclaimed: unclaimed(aliases, holders), others: found };
  return {
    personId,
    unclaimed: unclaimed(aliases, holders),
    others: [...new Set(found)].filter((id) => id !== personId),
  };
}

const unclaimed = (aliases: readonly Alias[], holders: readonly unknown[]) =>
  aliases.filter((_, index) => holders[index] === undefined);

/**
 * A tablet at a fair and a family's computer have many users. A visitor's id alone is no proof when
 * an address comes with it that is not the one of whom the id leads to.
 */
async function isSomebodyElse(
  records: Records,
  { email, anonymousId }: Subject,
  personId: string | undefined,
): Promise<boolean> {
  if (email === undefined || anonymousId === undefined || personId === undefined) return false;
  const person = await read(records, Person, personKey(personId));
  return person !== undefined && (person.data.facts.email !== undefined || person.data.suppressed);
}

function handedOff(subject: Subject): string | undefined {
  return subject.handoffId === undefined
    ? undefined
    : personIdOfHandoff(readInvitation(subject.handoffId).id);
}
