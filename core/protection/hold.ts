import { hasUnsubscribed } from '#core/intake/apply-facts.ts';
import type { Hub } from '#core/ports/hub.ts';
import { readHandoffs, readTouches } from '#core/records/of-person.ts';
import type { Person } from '#core/records/person.ts';
import { leaseOf } from './lease.ts';
import { type Protection, shifted } from './protection.ts';

/** Why somebody may not be spoken to now, and until when; nothing says when a ticket is closed. */
export interface Hold {
  readonly because: string;
  readonly until?: string | undefined;
}

const CONTACTS: ReadonlySet<string> = new Set(['email-received', 'call-held', 'meeting-held']);

/**
 * Whether a person must be left alone by sales and marketing alike. Whoever asks to talk is not
 * talked to too often; but service comes before that, too.
 */
export async function holdOn(
  hub: Pick<Hub, 'records' | 'playbook' | 'now'>,
  person: Person,
  asked = false,
): Promise<Hold | undefined> {
  const { protection } = hub.playbook;
  const { who, because, until } = leaseOf(person, protection, hub.now());
  if (who === 'service') return { because, until };
  if (asked || protection?.contacts === undefined) return undefined;
  return holdOfContacts(protection, await contactsOf(hub, person, protection), hub.now());
}

/** The same by the instants alone: the oldest contact that counts has to grow old enough. */
export function holdOfContacts(
  { contacts }: Protection,
  contactsAt: readonly string[],
  now: Date,
): Hold | undefined {
  if (contacts === undefined) return undefined;
  const { most, within } = contacts;
  const from = shifted(now.toISOString(), within, -1);
  const recent = contactsAt.filter((at) => at > from).sort();
  const last = recent[recent.length - most];
  if (last === undefined) return undefined;
  const because = `was contacted ${recent.length} times within ${within}, and ${most} are the most`;
  return { because, until: shifted(last, within) };
}

/** When we wrote or spoke to a person, over all channels, within the time that counts. */
async function contactsOf(
  { records, now }: Pick<Hub, 'records' | 'now'>,
  person: Person,
  { contacts }: Protection,
): Promise<string[]> {
  if (contacts === undefined) return [];
  const from = shifted(now().toISOString(), contacts.within, -1);
  const touches = await readTouches(records, person, from);
  const handoffs = await readHandoffs(records, person);
  const worked = handoffs.flatMap(({ signals }) => signals.worked?.at ?? []);
  return [...touches.filter(({ kind }) => CONTACTS.has(kind)).map(({ at }) => at), ...worked];
}

/** Why marketing may not put somebody on a list now: their lease, their word, or a hold. */
export async function barToMarketing(hub: Hub, person: Person): Promise<Hold | undefined> {
  if (person.suppressed) return { because: 'may not be contacted' };
  if (hasUnsubscribed(person)) return { because: 'does not want our mails' };
  if (person.facts.customer === true) return { because: 'is a customer' };
  const hold = await holdOn(hub, person);
  if (hold !== undefined) return hold;
  const { who, because } = leaseOf(person, hub.playbook.protection, hub.now());
  return who === 'marketing' ? undefined : { because: `${who} speaks to them: ${because}` };
}
