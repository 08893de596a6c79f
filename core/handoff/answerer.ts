import type { Actor, CanonicalEvent } from '#core/events.ts';
import { findSalesperson, type People } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { type Handoff, readInvitation } from '#core/records/handoff.ts';
import { logItem } from '#core/records/log-entry.ts';
import { QUEUE_PREFIX } from './owner.ts';

/** The e-mail address of the salesperson or manager who answered, if it is one of them. */
export function answerer(people: People, by: Actor): string | undefined {
  const who = { email: by.email, slack: by.external?.id };
  const manager = people.managers?.find(
    (one) => one.email === who.email || (one.slack !== undefined && one.slack === who.slack),
  );
  return findSalesperson(people, who)?.email ?? manager?.email;
}

/** Owners answer for themselves, managers for their people, and anybody may take from a queue. */
export function mayAnswerFor(people: People, owner: string, salesperson: string): boolean {
  if (owner === salesperson || owner.startsWith(QUEUE_PREFIX)) return true;
  return findSalesperson(people, { email: owner })?.manager === salesperson;
}

/** Why nothing may be done to a hand-off by an answer to one of its invitations any more. */
export function whyOver(handoff: Handoff | undefined, event: CanonicalEvent): string | undefined {
  if (handoff === undefined) return 'no hand-off is open';
  if (handoff.status !== 'open' && handoff.status !== 'assigning')
    return `the hand-off is over (${handoff.status})`;
  return isStale(handoff, event) ? 'the invitation has since gone to somebody else' : undefined;
}

function isStale(handoff: Handoff, { subject }: CanonicalEvent): boolean {
  if (subject.handoffId === undefined) return false;
  const { id, round = handoff.round } = readInvitation(subject.handoffId);
  return id !== handoff.id || round !== handoff.round;
}

/** The timeline says of an answer that changed nothing why it did not. */
export const setAside = (
  deps: Pick<Hub, 'order'>,
  personId: string,
  event: CanonicalEvent,
  why: string,
): Write => ({
  put: logItem(deps, personId, `ignored/${event.id}`, {
    at: event.receivedAt,
    kind: 'decision',
    title: `set aside: ${event.type}, because ${why}`,
    detail: { event: event.id, why },
  }),
});
