import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { shown } from '#cli/config.ts';
import { HubError } from '#core/errors.ts';
import { QUEUE_PREFIX } from '#core/handoff/owner.ts';
import { Account } from '#core/records/account.ts';
import { Handoff } from '#core/records/handoff.ts';
import { Person } from '#core/records/person.ts';
import { PastLead } from '#core/routing/past-lead.ts';
import type { StoreReader } from '#platform/embedded/reader.ts';

/** The leads of a file: a JSON list. Throws a HubError `config` that names the place of a slip. */
export async function leadsOfFile(file: string): Promise<PastLead[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new HubError('config', 'past_leads_missing', `There is no file ${shown(file)}.`);
  });
  const read = z.array(PastLead).safeParse(parsed(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new HubError(
    'config',
    'past_leads_unusable',
    `${shown(file)} is no list of leads: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. Each needs at least "id" and "at".`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The leads that a hub handed to sales, as it knows them today: facts may have changed since they
 * were routed. An owner that only routing gave to an account is left out, so that a policy decides anew.
 */
export function leadsOfStore(store: StoreReader): PastLead[] {
  const people = new Map(
    store.items('person').map(({ data }) => [Person.parse(data).id, Person.parse(data)] as const),
  );
  const accounts = new Map(
    store
      .items('account')
      .map(({ data }) => [Account.parse(data).id, Account.parse(data)] as const),
  );
  const amounts = amountsIn(store);
  return store.items('handoff').flatMap(({ data }): PastLead[] => {
    const handoff = Handoff.parse(data);
    const person = people.get(handoff.personId);
    if (person === undefined) return [];
    const account = accounts.get(person.accountId ?? '');
    const first = handoff.previousOwners[0] ?? handoff.owner;
    const valueMinor = amounts.get(handoff.personId);
    return [
      {
        id: handoff.id,
        at: handoff.openedAt,
        person: person.facts,
        score: { rating: handoff.rating, lane: handoff.lane },
        actual: first.startsWith(QUEUE_PREFIX) ? null : first,
        ...(account !== undefined && { account: factsOf(account), accountId: account.id }),
        ...(handoff.closedAt !== undefined && { closedAt: handoff.closedAt }),
        ...(valueMinor !== undefined && { valueMinor }),
      },
    ];
  });
}

function factsOf({ id: _, owner, ownerSetBy, ownerSince: __, ...facts }: Account) {
  return { ...facts, ...(owner !== undefined && ownerSetBy !== 'routing' && { owner }) };
}

const Deal = z.looseObject({ ref: z.object({ id: z.string() }), amountMinor: z.number() });

/** What the opportunities of each person were last worth, by the timeline. */
function amountsIn(store: StoreReader): ReadonlyMap<string, number> {
  const deals = new Map<string, Map<string, number>>();
  for (const { pk, data } of store.eachItem(['log'])) {
    const entry = z.object({ detail: Deal }).safeParse(data);
    if (!entry.success) continue;
    const { ref, amountMinor } = entry.data.detail;
    const person = pk.slice('PERSON#'.length);
    deals.set(person, (deals.get(person) ?? new Map<string, number>()).set(ref.id, amountMinor));
  }
  return new Map(
    [...deals].map(([person, amounts]) => [
      person,
      [...amounts.values()].reduce((sum, one) => sum + one, 0),
    ]),
  );
}
