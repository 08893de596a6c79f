import type { CanonicalEvent, PersonFacts } from '#core/events.ts';
import { ambiguityKey } from '#core/identity/ambiguity.ts';
import { companyDomain } from '#core/identity/domain.ts';
import { joinAccount } from '#core/identity/join-account.ts';
import type { Hub } from '#core/ports/hub.ts';
import type { Write } from '#core/ports/records.ts';
import { logItem } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';

/** What a match goes by. */
const told = ({ company, country, region, email, website }: PersonFacts) =>
  JSON.stringify([company, country, region, companyDomain({ email, website }), website]);

/**
 * The person with the account that new facts lead to. Only somebody who was matched before, or who
 * waits for it, is matched again; whom the new facts lead nowhere stays where they are.
 */
export async function rematch(
  deps: Pick<Hub, 'records' | 'order'>,
  event: Pick<CanonicalEvent, 'id' | 'at' | 'type'>,
  before: Person | undefined,
  after: Person,
): Promise<{ person: Person; writes: Write[] }> {
  const same = { person: after, writes: [] };
  // What an event says of an account is written with it, and one write can't do so twice.
  if (event.type === 'account.changed') return same;
  if (before === undefined || told(before.facts) === told(after.facts)) return same;
  const isMatched = before.accountId !== undefined;
  if (!isMatched && (await deps.records.get(ambiguityKey(after.id))) === undefined) return same;
  const joined = await joinAccount(deps.records, after, new Date(event.at));
  const { accountId, title, detail, writes } = joined;
  if (accountId === after.accountId || (accountId === null && writes.length === 0)) return same;
  const entry = {
    at: event.at,
    kind: 'decision' as const,
    title: `matched again: ${title}`,
    detail: { ...detail, event: event.id, before: before.accountId },
  };
  return {
    person: accountId === null ? after : { ...after, accountId },
    writes: [...writes, { put: logItem(deps, after.id, `${event.id}/account`, entry) }],
  };
}
