import type { Change, SalesforceStore } from './fake-store.ts';

export interface Conversion {
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId: string | undefined;
}

/**
 * Makes an account and a contact of a lead, and an opportunity if one is named; or makes the lead
 * part of a contact that is there.
 */
export function convertRow(
  store: SalesforceStore,
  leadId: string,
  by: Change,
  deal: { readonly name: string; readonly amount: number | null } | undefined,
  ownerId: string = by.user,
  into?: string,
): Conversion {
  const lead = store.live.Lead.get(leadId);
  const names = ['Email', 'FirstName', 'LastName', 'Title', 'Phone'];
  const account = store.create('Account', { Name: lead?.['Company'] ?? null }, by);
  const person = Object.fromEntries(names.map((name) => [name, lead?.[name] ?? null]));
  const known = into === undefined ? undefined : store.live.Contact.get(into);
  const contact =
    known ?? store.create('Contact', { ...person, OwnerId: ownerId, AccountId: account.Id }, by);
  const opportunityId =
    deal === undefined ? undefined : openDeal(store, deal, contact.Id, by, ownerId);
  store.update(
    'Lead',
    leadId,
    {
      IsConverted: true,
      Status: 'Closed - Converted',
      ConvertedContactId: contact.Id,
      ConvertedAccountId: account.Id,
      ConvertedOpportunityId: opportunityId ?? null,
    },
    by,
  );
  return { accountId: account.Id, contactId: contact.Id, opportunityId };
}

/** Opens an opportunity with a primary contact, or with nobody. */
export function openDeal(
  store: SalesforceStore,
  deal: {
    readonly name: string;
    readonly amount: number | null;
    readonly stage?: string | undefined;
  },
  contactId: string | undefined,
  by: Change,
  ownerId: string = by.user,
): string {
  const fields = { Name: deal.name, Amount: deal.amount, StageName: deal.stage ?? 'Prospecting' };
  const made = store.create(
    'Opportunity',
    { ...fields, IsWon: false, IsClosed: false, OwnerId: ownerId },
    by,
  );
  if (contactId !== undefined) linkDeal(store, made.Id, contactId, by, true);
  return made.Id;
}

export function linkDeal(
  store: SalesforceStore,
  opportunityId: string,
  contactId: string,
  by: Change,
  isPrimary: boolean,
): void {
  store.create(
    'OpportunityContactRole',
    { OpportunityId: opportunityId, ContactId: contactId, IsPrimary: isPrimary },
    by,
  );
}
