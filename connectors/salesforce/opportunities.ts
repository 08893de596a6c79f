import * as z from 'zod';
import { minorUnits } from '#connectors/kit/money.ts';
import type { SalesforceContext } from './credentials.ts';
import { query, raw, soql } from './soql.ts';

const Opportunity = z.object({
  Id: z.string(),
  Name: z.string().nullish(),
  StageName: z.string(),
  Amount: z.number().nullish(),
  CurrencyIsoCode: z.string().nullish(),
  IsWon: z.boolean(),
  IsClosed: z.boolean(),
  OpportunityContactRoles: z
    .object({ records: z.array(z.object({ ContactId: z.string(), IsPrimary: z.boolean() })) })
    .nullish(),
});

export const OpportunityFacts = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  stage: z.string(),
  amountMinor: z.number().int().optional(),
  currency: z.string().optional(),
  outcome: z.enum(['open', 'won', 'lost']),
  /** The contacts with a role, the primary one first. */
  contacts: z.array(z.string()),
});
export type OpportunityFacts = z.infer<typeof OpportunityFacts>;

/** The opportunities that a SOQL condition finds, in the hub's words. */
export async function findOpportunities(
  context: SalesforceContext,
  condition: string,
): Promise<OpportunityFacts[]> {
  // Asking for the currency is an error in an organisation that has but one.
  const currency = context.settings.multiCurrency ? ', CurrencyIsoCode' : '';
  const rows = await query(
    context,
    Opportunity,
    soql`SELECT Id, Name, StageName, Amount, IsWon, IsClosed${raw(currency)}, (SELECT ContactId, IsPrimary FROM OpportunityContactRoles) FROM Opportunity WHERE ${raw(condition)}`,
  );
  return rows.map((row) => factsOf(row, context.settings.currency));
}

function factsOf(
  row: z.infer<typeof Opportunity>,
  usualCurrency: string | undefined,
): OpportunityFacts {
  const currency = row.CurrencyIsoCode ?? usualCurrency;
  const amountMinor = minorUnits(row.Amount, currency);
  const roles = row.OpportunityContactRoles?.records ?? [];
  const closed = row.IsWon ? 'won' : 'lost';
  return {
    id: row.Id,
    ...(row.Name ? { name: row.Name } : {}),
    stage: row.StageName,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(currency === undefined ? {} : { currency }),
    outcome: row.IsClosed ? closed : 'open',
    contacts: [
      ...roles.filter((role) => role.IsPrimary),
      ...roles.filter((role) => !role.IsPrimary),
    ].map((role) => role.ContactId),
  };
}
