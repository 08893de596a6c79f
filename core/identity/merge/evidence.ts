import type { CanonicalEvent } from '#core/events.ts';
import { ERASED, OWN_CONNECTION } from '#core/intake/apply-facts.ts';
import type { Person } from '#core/records/person.ts';

/** A name by which a subject leads to somebody. */
export interface Lead {
  readonly kind: string;
  readonly value: string;
}

/** One of two whom a subject names, and under which names it does. */
export interface Named {
  readonly person: Person;
  readonly by: readonly Lead[];
}

export interface Verdict {
  readonly merge: 'vendor' | 'evidence' | 'ops' | undefined;
  readonly because: string;
}

/**
 * Whether two people whom one event names are one (docs/decisions/0019). A vendor that merged its
 * records has said so. One record of the sender's own that is told with an e-mail address proves it
 * where neither is known under another address; two records of the sender's own are one person to
 * it. All else is for somebody to confirm. A visitor's id proves nothing and is never asked.
 */
export function judgeEvidence(event: CanonicalEvent, one: Named, other: Named): Verdict {
  if (event.type === 'person.merged' && isMerged(event, other)) {
    const { connection, because } = saying(event);
    return { merge: connection === OWN_CONNECTION ? 'ops' : 'vendor', because };
  }
  const { connection } = event;
  const isErased = [one, other].some(({ person }) => person.factsAt[ERASED] !== undefined);
  if (isErased) return doubtful(event, 'but one of them was erased');
  if (isOwn(event, one) && isOwn(event, other))
    return { merge: 'evidence', because: `one record of ${connection} has the ids of both` };
  const addresses = addressesOf(event, one, other);
  const proof = isOwn(event, other) || isOwn(event, one) || isUser(one) || isUser(other);
  if (addresses.size > 1) return doubtful(event, 'but their e-mail addresses differ');
  if (!proof || event.subject.email === undefined)
    return doubtful(event, 'but it proves nothing about their e-mail address');
  return { merge: 'evidence', because: `a record of ${connection} has the e-mail address of both` };
}

function saying({ connection }: CanonicalEvent) {
  const because =
    connection === OWN_CONNECTION
      ? 'somebody said so'
      : `their records were merged in ${connection}`;
  return { connection, because };
}

const isMerged = (event: Extract<CanonicalEvent, { type: 'person.merged' }>, { by }: Named) =>
  [event.into, ...event.from].some((ref) =>
    by.some(({ kind, value }) => kind === `${ref.connection}/${ref.kind}` && value === ref.id),
  );

const isOwn = ({ connection }: CanonicalEvent, { by }: Named): boolean =>
  by.some(({ kind }) => kind.startsWith(`${connection}/`));

const isUser = ({ by }: Named): boolean => by.some(({ kind }) => kind === 'user');

function addressesOf({ subject }: CanonicalEvent, ...named: readonly Named[]): Set<string> {
  const all = [subject.email, ...named.map(({ person }) => person.facts.email)];
  return new Set(all.flatMap((one) => (one === undefined ? [] : [one.trim().toLowerCase()])));
}

const doubtful = (event: CanonicalEvent, why: string): Verdict => ({
  merge: undefined,
  because: `${event.connection} named both at once, ${why}`,
});
