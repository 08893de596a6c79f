import * as z from 'zod';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts, Subject } from '#core/events.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { factsIn, fieldNames, fieldText } from './fields.ts';
import { sObjectOf } from './records.ts';
import { query, raw, soql } from './soql.ts';

const text = z.string().nullish();
const Owned = {
  Id: z.string(),
  HasOptedOutOfEmail: z.boolean().nullish(),
  OwnerId: text,
  Owner: z.object({ Email: text }).nullish(),
};

/** What is read of a lead; the fields of facts come beside these. */
const Lead = z.looseObject({
  ...Owned,
  Status: text,
  IsConverted: z.boolean(),
  ConvertedContactId: text,
});

const Contact = z.looseObject({
  ...Owned,
  AccountId: text,
  Account: z.object({ Name: text, Website: text, Industry: text }).nullish(),
});

const OWNED = ['Id', 'Email', 'HasOptedOutOfEmail', 'OwnerId', 'Owner.Email'];

/** The fields of a lead that the hub reads, for a query. */
export function leadFields(settings: SalesforceSettings): string[] {
  const { needField, timelineField, selfReportedSourceField, reasonField, namedDateField } =
    settings;
  const named = [needField, timelineField, selfReportedSourceField, reasonField, namedDateField];
  const own = ['Status', 'LeadSource', 'IsConverted', 'ConvertedContactId'];
  const facts = Object.values(fieldNames('Lead', settings));
  return [...new Set([...OWNED, ...own, ...facts, ...named.filter((one) => one !== undefined)])];
}

/** The fields of a contact that the hub reads, for a query. */
export function contactFields(settings: SalesforceSettings): string[] {
  const own = ['AccountId', 'Account.Name', 'Account.Website', 'Account.Industry'];
  return [...new Set([...OWNED, ...own, ...Object.values(fieldNames('Contact', settings))])];
}

/** A lead or contact as it is now. */
export interface Person {
  readonly record: VendorRecord;
  readonly facts: PersonFacts;
  readonly ownerId: string | undefined;
  /** The vendor's own fields, for those that only the settings know by name. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The contact that a converted lead became. */
  readonly became: VendorRecord | undefined;
  /** The account of a contact. */
  readonly account?: VendorRecord | undefined;
}

/** Reads a lead or contact; `undefined` when it is gone. */
export async function findPerson(
  context: SalesforceContext,
  record: VendorRecord,
): Promise<Person | undefined> {
  return sObjectOf(record) === 'Lead'
    ? findLead(context, soql`Id = ${record.id}`)
    : findContact(context, record.id);
}

/** Reads the one lead that a SOQL condition names. */
export async function findLead(
  context: SalesforceContext,
  condition: string,
): Promise<Person | undefined> {
  const wanted = raw(leadFields(context.settings).join(', '));
  const text = soql`SELECT ${wanted} FROM Lead WHERE ${raw(condition)}`;
  const [lead] = await query(context, Lead, text);
  return lead === undefined ? undefined : personOf('lead', lead, context.settings);
}

async function findContact(context: SalesforceContext, id: string): Promise<Person | undefined> {
  const wanted = raw(contactFields(context.settings).join(', '));
  const [contact] = await query(
    context,
    Contact,
    soql`SELECT ${wanted} FROM Contact WHERE Id = ${id}`,
  );
  return contact === undefined ? undefined : personOf('contact', contact, context.settings);
}

/** The person in a row that was read with the fields of leads or contacts. */
export function personOf(
  kind: 'lead' | 'contact',
  row: Readonly<Record<string, unknown>>,
  settings: SalesforceSettings,
): Person {
  return kind === 'lead'
    ? leadPerson(Lead.parse(row), settings)
    : contactPerson(Contact.parse(row), settings);
}

function leadPerson(lead: z.infer<typeof Lead>, settings: SalesforceSettings): Person {
  const facts = knownOnly({
    ...factsIn(lead, 'Lead', settings),
    ...ownedFacts(lead),
    status: lead.Status,
    selfReportedSource: fieldText(lead, settings.selfReportedSourceField),
  });
  return {
    record: { kind: 'lead', id: lead.Id },
    facts,
    ownerId: lead.OwnerId ?? undefined,
    fields: lead,
    became: lead.ConvertedContactId ? { kind: 'contact', id: lead.ConvertedContactId } : undefined,
  };
}

function contactPerson(contact: z.infer<typeof Contact>, settings: SalesforceSettings): Person {
  const facts = knownOnly({
    ...knownOnly({
      company: contact.Account?.Name,
      website: contact.Account?.Website,
      industry: contact.Account?.Industry,
    }),
    ...factsIn(contact, 'Contact', settings),
    ...ownedFacts(contact),
  });
  return {
    record: { kind: 'contact', id: contact.Id },
    facts,
    ownerId: contact.OwnerId ?? undefined,
    fields: contact,
    became: undefined,
    account: contact.AccountId ? { kind: 'account', id: contact.AccountId } : undefined,
  };
}

function ownedFacts(row: z.infer<typeof Lead> | z.infer<typeof Contact>) {
  return {
    owner: row.Owner?.Email ?? row.OwnerId,
    unsubscribed: row.HasOptedOutOfEmail === true ? true : undefined,
  };
}

/** A person as the subject of an event, under every name that Salesforce has for them. */
export function subjectOf(connection: string, person: Person): Subject {
  const records = [person.record, person.became, person.account].filter((one) => one !== undefined);
  return {
    ...(person.facts.email === undefined ? {} : { email: person.facts.email }),
    external: records.map((record) => ({ connection, ...record })),
  };
}
