import * as z from 'zod';
import { minorUnits } from '#connectors/kit/money.ts';
import type { OpportunityFacts } from '#connectors/kit/offered-verbs.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { query, raw, soql } from './soql.ts';

const Opportunity = z.object({
  Id: z.string(),
  Name: z.string().nullish(),
  StageName: z.string(),
  Amount: z.number().nullish(),
  CurrencyIsoCode: z.string().nullish(),
  IsWon: z.boolean(),
  IsClosed: z.boolean(),
  CloseDate: z.string().nullish(),
  SystemModstamp: z.string(),
  OwnerId: z.string().nullish(),
  Owner: z.object({ Email: z.string().nullish() }).nullish(),
  OpportunityContactRoles: z
    .object({
      records: z.array(
        z.object({ ContactId: z.string(), Role: z.string().nullish(), IsPrimary: z.boolean() }),
      ),
    })
    .nullish(),
});

export interface ContactRole {
  readonly contactId: string;
  readonly role: string | undefined;
  readonly primary: boolean;
}

/** What is known of one opportunity, and when it last changed. */
export interface FoundOpportunity {
  readonly facts: OpportunityFacts;
  readonly roles: readonly ContactRole[];
  readonly changedAt: Date;
  /** The owner's e-mail address, or else the id of the user or queue. */
  readonly owner: string | undefined;
}

/** The fields of an opportunity that the hub reads, for a query. */
export function opportunityFields({ multiCurrency }: SalesforceSettings): string[] {
  const own = ['Id', 'Name', 'StageName', 'Amount', 'IsWon', 'IsClosed', 'CloseDate'];
  // Asking for the currency is an error in an organisation that has but one.
  const currency = multiCurrency ? ['CurrencyIsoCode'] : [];
  return [...own, 'SystemModstamp', 'OwnerId', 'Owner.Email', ...currency, ROLES];
}

const ROLES = '(SELECT ContactId, Role, IsPrimary FROM OpportunityContactRoles)';

/** The opportunities that the rest of a query finds, beginning with its condition. */
export async function findOpportunities(
  context: SalesforceContext,
  condition: string,
): Promise<FoundOpportunity[]> {
  const wanted = raw(opportunityFields(context.settings).join(', '));
  const rows = await query(
    context,
    z.looseObject({}),
    soql`SELECT ${wanted} FROM Opportunity WHERE ${raw(condition)}`,
  );
  return rows.map((row) => opportunityOf(row, context.settings));
}

/** The opportunity in a row that was read with the fields above. */
export function opportunityOf(
  row: Readonly<Record<string, unknown>>,
  settings: SalesforceSettings,
): FoundOpportunity {
  const found = Opportunity.parse(row);
  const currency = found.CurrencyIsoCode ?? settings.currency;
  const amountMinor = minorUnits(found.Amount, currency);
  const all = found.OpportunityContactRoles?.records ?? [];
  const roles = [...all.filter((one) => one.IsPrimary), ...all.filter((one) => !one.IsPrimary)];
  const closed = found.IsWon ? 'won' : 'lost';
  return {
    facts: {
      id: found.Id,
      ...(found.Name ? { name: found.Name } : {}),
      stage: found.StageName,
      ...(amountMinor === undefined ? {} : { amountMinor }),
      ...(currency === undefined ? {} : { currency }),
      outcome: found.IsClosed ? closed : 'open',
      ...(found.CloseDate ? { closeDate: found.CloseDate } : {}),
      contacts: roles.map(({ ContactId }) => ContactId),
    },
    roles: roles.map(({ ContactId, Role, IsPrimary }) => ({
      contactId: ContactId,
      role: Role ?? undefined,
      primary: IsPrimary,
    })),
    changedAt: new Date(found.SystemModstamp),
    owner: found.Owner?.Email ?? found.OwnerId ?? undefined,
  };
}
