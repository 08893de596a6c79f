import * as z from 'zod';
import { Instant } from '#core/events.ts';
import type { Records, Write } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';
import { readAll } from '#core/records/store.ts';

/** An open opportunity with somebody of an account. */
export const AccountDeal = z.strictObject({
  personId: z.string(),
  /** The vendor's name of the deal. */
  deal: z.string(),
  at: Instant,
  /** Who has it, by the CRM. */
  owner: z.string().optional(),
});
export type AccountDeal = z.infer<typeof AccountDeal>;

const PREFIX = 'DEAL#';
const partitionOf = (accountId: string) => `ACCOUNT#${accountId}`;

/** All open opportunities with people of an account. */
export const dealsOf = (records: Records, accountId: string): Promise<AccountDeal[]> =>
  readAll(records, AccountDeal, { pk: partitionOf(accountId), prefix: PREFIX });

export const hasDeals = async (records: Records, accountId: string): Promise<boolean> => {
  const { items } = await records.query({ pk: partitionOf(accountId), prefix: PREFIX, limit: 1 });
  return items.length > 0;
};

/** A person's open opportunities, the latest word first. */
export const openDealsOf = ({ id, deals = {} }: Pick<Person, 'id' | 'deals'>): AccountDeal[] =>
  Object.entries(deals)
    .flatMap(([deal, { at, outcome, owner }]) =>
      outcome === 'open' ? [{ personId: id, deal, at, ...(owner && { owner }) }] : [],
    )
    .sort((one, other) => (one.at < other.at ? 1 : -1));

/** Lists a person's open opportunities with their account, whichever of the two changed. */
export function dealWrites(before: Person | undefined, after: Person): Write[] {
  const listed = before === undefined ? new Map<string, string>() : itemsOf(before);
  const wanted = itemsOf(after);
  const at = (person: Person | undefined, sk: string) => ({
    pk: partitionOf(person?.accountId ?? ''),
    sk,
  });
  const isMoved = before?.accountId !== after.accountId;
  const gone = [...listed.keys()].filter((sk) => isMoved || !wanted.has(sk));
  const news = [...wanted].filter(([sk, text]) => isMoved || listed.get(sk) !== text);
  return [
    ...gone.map((sk): Write => ({ remove: at(before, sk) })),
    ...news.map(
      ([sk, text]): Write => ({
        put: { ...at(after, sk), type: 'account-deal', version: 1, data: JSON.parse(text) },
      }),
    ),
  ];
}

/** What is listed with their account, as text by the sort key. */
const itemsOf = (person: Person): Map<string, string> =>
  new Map(
    person.accountId === undefined
      ? []
      : openDealsOf(person).map((one) => [
          `${PREFIX}${person.id}#${one.deal}`,
          JSON.stringify(one),
        ]),
  );
