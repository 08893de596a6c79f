import { QUEUE_PREFIX } from '#core/handoff/owner.ts';
import { type AccountDeal, dealsOf, openDealsOf } from '#core/identity/account-deals.ts';
import { findSalesperson } from '#core/people.ts';
import type { Hub } from '#core/ports/hub.ts';
import { HANDOFF_PREFIX, Handoff } from '#core/records/handoff.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readAll } from '#core/records/store.ts';
import type { RoutingPolicy } from '#core/routing/policy.ts';

type Store = Pick<Hub, 'records' | 'playbook'>;

/**
 * The e-mail address of who is in a deal with a person, or else with a colleague of theirs: by the
 * CRM's word on the owner of an open opportunity; where it names nobody of the playbook, by the
 * hand-off in which it was opened, or who answers for whom it is with. Of several the latest word
 * counts. Looked up only where a tier asks for it.
 */
export async function opportunityOwner(
  hub: Store,
  policy: RoutingPolicy,
  person: Person,
): Promise<string | undefined> {
  if (!policy.tiers.some((tier) => 'use' in tier && tier.use === 'open-opportunity')) {
    return undefined;
  }
  const own = openDealsOf(person);
  return (
    (await ownerOf(hub, own)) ??
    (await handedOffTo(hub, person.id)) ??
    (await ownerOf(hub, await colleaguesDeals(hub, person)))
  );
}

async function colleaguesDeals({ records }: Store, { id, accountId }: Person) {
  if (accountId === undefined) return [];
  const deals = (await dealsOf(records, accountId)).filter(({ personId }) => personId !== id);
  return deals.sort((one, other) => (one.at < other.at ? 1 : -1));
}

async function ownerOf(hub: Store, deals: readonly AccountDeal[]): Promise<string | undefined> {
  for (const { owner, personId } of deals) {
    const named =
      owner === undefined ? undefined : findSalesperson(hub.playbook.people, { email: owner });
    const found = named?.email ?? (await answersFor(hub, personId));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Who of sales has somebody with whom a deal is open. */
async function answersFor(hub: Store, personId: string): Promise<string | undefined> {
  const handed = await handedOffTo(hub, personId);
  if (handed !== undefined) return handed;
  const owner = (await read(hub.records, Person, personKey(personId)))?.data.owner;
  return owner?.kind === 'salesperson' ? owner.id : undefined;
}

/** Who has the hand-off in which an opportunity was opened that is not closed. */
async function handedOffTo({ records }: Store, personId: string): Promise<string | undefined> {
  const { pk } = personKey(personId);
  const handoffs = await readAll(records, Handoff, { pk, prefix: HANDOFF_PREFIX });
  const open = handoffs.filter(
    ({ status, owner, signals }) =>
      !owner.startsWith(QUEUE_PREFIX) &&
      status === 'open' &&
      signals.opportunity !== undefined &&
      signals.closed === undefined,
  );
  return open.at(-1)?.owner;
}
