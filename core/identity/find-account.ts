import * as z from 'zod';
import type { ExternalRef } from '#core/events.ts';
import type { Item, Records } from '#core/ports/records.ts';
import { Account, accountIdOf, accountKey } from '#core/records/account.ts';
import type { Person } from '#core/records/person.ts';
import { read, type Stored } from '#core/records/store.ts';
import { withTarget } from '#core/targets/target-account.ts';
import { type CompanyEvidence, firmKeys, nameKeys } from './account-index.ts';
import { companyDomain } from './domain.ts';
import { type AccountEntry, climb, type MatchVerdict } from './match-ladder.ts';

/** Kinds of vendors' records that are an account, and nobody's own. */
export const ACCOUNT_KINDS = ['account', 'company'];

const refsOf = (external: readonly ExternalRef[] = []) =>
  external
    .filter(({ kind }) => ACCOUNT_KINDS.includes(kind))
    .map(({ connection, kind, id }) => `${connection}/${kind}/${id}`);

/** What a person's facts and references tell of their company. */
export function evidenceOf({ facts, external }: Pick<Person, 'facts' | 'external'>) {
  const { company: name, country, region, email, website } = facts;
  const domains = [companyDomain({ email, website }), companyDomain({ website })];
  return {
    name,
    country,
    region,
    domains: [...new Set(domains.filter((one) => one !== undefined))],
    refs: refsOf(external),
  } satisfies CompanyEvidence;
}

const entryOf = (account: Account): AccountEntry => {
  const { id, name, country, region, domain, aliases = [], customer } = account;
  const domains = domain === undefined ? aliases : [domain, ...aliases];
  return { id, name, country, region, customer, domains, refs: refsOf(account.external) };
};

const Keyed = z.strictObject({ accountId: z.string() });
const partitionOf = (key: string) => `ACCOUNTNAME#${key}`;

/** The items by which an account is found without reading all accounts. */
export function accountKeyItems(account: Account): Item[] {
  const { id, domain } = account;
  const own = domain !== undefined && accountIdOf(domain) === id ? `domain:${domain}` : undefined;
  const entry = entryOf(account);
  // The id follows from the domain, so that needs no item.
  const keys = [...firmKeys(entry), ...nameKeys(entry)].filter((key) => key !== own);
  return keys.map((key) => ({
    pk: partitionOf(key),
    sk: id,
    type: 'account-key',
    version: 1,
    data: { accountId: id },
  }));
}

export interface Found {
  readonly verdict: MatchVerdict;
  /** The best account as it is stored. */
  readonly stored?: Stored<Account> | undefined;
}

/**
 * Finds the account that evidence leads to. Names are looked at only where neither reference nor
 * domain leads anywhere, for they could not change the answer.
 */
export async function findAccount(records: Records, sought: CompanyEvidence): Promise<Found> {
  const byDomain = sought.domains.map(accountIdOf);
  const firm = await look(records, sought, firmKeys(sought), byDomain);
  return firm.verdict.kind === 'none' ? look(records, sought, nameKeys(sought), []) : firm;
}

async function look(
  records: Records,
  sought: CompanyEvidence,
  keys: readonly string[],
  ids: readonly string[],
): Promise<Found> {
  const pages = await Promise.all(keys.map((key) => records.query({ pk: partitionOf(key) })));
  const listed = pages.flatMap(({ items }) => items.map(({ data }) => Keyed.parse(data).accountId));
  const all = [...new Set([...ids, ...listed])];
  const accounts = (
    await Promise.all(all.map((id) => read(records, Account, accountKey(id))))
  ).filter((one) => one !== undefined);
  const entries = accounts.map(({ data }) => entryOf(data));
  const verdict = climb(sought, entries.length > 1 ? await weighed(records, accounts) : entries);
  if (verdict.kind === 'none') return { verdict };
  return { verdict, stored: accounts.find(({ data }) => data.id === verdict.best.account.id) };
}

/** The entries with what breaks a tie. */
const weighed = (records: Records, accounts: readonly Stored<Account>[]) =>
  Promise.all(
    accounts.map(async ({ data }) => {
      const { targetAccount } = await withTarget(records, data);
      const members = await records.query({ pk: `ACCOUNT#${data.id}`, prefix: 'PERSON#' });
      return { ...entryOf(data), target: targetAccount, contacts: members.items.length };
    }),
  );
