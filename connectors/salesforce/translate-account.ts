import * as z from 'zod';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { TranslatedEvent } from '#core/events.ts';
import type { News, SalesforceChange } from './change.ts';
import type { SalesforceContext } from './credentials.ts';
import { query, raw, soql } from './soql.ts';

const text = z.string().nullish();
const Account = z.looseObject({
  Name: text,
  Website: text,
  Industry: text,
  NumberOfEmployees: z.number().nullish(),
  Phone: text,
  BillingCountry: text,
  BillingState: text,
  BillingPostalCode: text,
  BillingCity: text,
  Owner: z.object({ Email: text }).nullish(),
});

/** The fields of an account that the hub reads, for a query. */
export const ACCOUNT_FIELDS = [
  ...['Name', 'Website', 'Industry', 'NumberOfEmployees', 'Owner.Email', 'Phone'],
  ...['BillingCountry', 'BillingState', 'BillingPostalCode', 'BillingCity'],
];

/** An account changed; without a website the hub could not know it again. */
export async function accountChanged(
  change: SalesforceChange,
  news: News,
  context: SalesforceContext,
): Promise<TranslatedEvent[]> {
  if (change.kind === 'DELETE') return [];
  const account =
    change.whole === true ? Account.parse(change.fields) : await findAccount(change, context);
  const domain = domainOf(account?.Website ?? '');
  if (account === undefined || domain === undefined) return [];
  const facts = knownOnly({
    name: account.Name,
    domain,
    owner: account.Owner?.Email,
    industry: account.Industry,
    employees: account.NumberOfEmployees,
    phone: account.Phone,
    country: countryCode(account.BillingCountry ?? ''),
    region: account.BillingState,
    postcode: account.BillingPostalCode,
    city: account.BillingCity,
  });
  const ref = { connection: context.connection, kind: 'account', id: change.recordId };
  return [{ ...news, type: 'account.changed', subject: { external: [ref] }, account: facts }];
}

async function findAccount({ recordId }: SalesforceChange, context: SalesforceContext) {
  const wanted = raw(ACCOUNT_FIELDS.join(', '));
  const found = await query(
    context,
    Account,
    soql`SELECT ${wanted} FROM Account WHERE Id = ${recordId}`,
  );
  return found[0];
}

/** Salespeople type websites with and without a scheme. */
function domainOf(website: string): string | undefined {
  const address = /^\w+:\/\//.test(website) ? website : `https://${website}`;
  if (!URL.canParse(address)) return undefined;
  const { hostname } = new URL(address);
  return hostname.includes('.') ? hostname.replace(/^www\./, '') : undefined;
}
