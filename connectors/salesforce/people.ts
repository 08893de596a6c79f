import * as z from 'zod';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts, Subject } from '#core/events.ts';
import type { VendorRecord } from '#core/operations.ts';
import type { SalesforceContext, SalesforceSettings } from './credentials.ts';
import { type Fields, sObjectOf } from './records.ts';
import { query, raw, soql } from './soql.ts';

const text = z.string().nullish();
const shared = {
  Id: z.string(),
  Email: text,
  FirstName: text,
  LastName: text,
  Title: text,
  Phone: text,
  HasOptedOutOfEmail: z.boolean().nullish(),
  OwnerId: text,
  Owner: z.object({ Email: text }).nullish(),
};

/** What is read of a lead; custom fields come beside these. */
const Lead = z.looseObject({
  ...shared,
  Company: text,
  Website: text,
  Country: text,
  State: text,
  Industry: text,
  NumberOfEmployees: z.number().nullish(),
  Status: text,
  LeadSource: text,
  IsConverted: z.boolean(),
  ConvertedContactId: text,
});

const Contact = z.looseObject({
  ...shared,
  MailingCountry: text,
  MailingState: text,
  Account: z.object({ Name: text, Website: text, Industry: text }).nullish(),
});

const LEAD_FIELDS =
  'Id, Email, FirstName, LastName, Title, Phone, HasOptedOutOfEmail, OwnerId, Owner.Email, Company, Website, Country, State, Industry, NumberOfEmployees, Status, LeadSource, IsConverted, ConvertedContactId';
const CONTACT_FIELDS =
  'Id, Email, FirstName, LastName, Title, Phone, HasOptedOutOfEmail, OwnerId, Owner.Email, MailingCountry, MailingState, Account.Name, Account.Website, Account.Industry';

/** A lead or contact as it is now. */
export interface Person {
  readonly record: VendorRecord;
  readonly facts: PersonFacts;
  readonly ownerId: string | undefined;
  /** The vendor's own fields, for those that only the settings know by name. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The contact that a converted lead became. */
  readonly became: VendorRecord | undefined;
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
  const { needField, timelineField, selfReportedSourceField, reasonField } = context.settings;
  const named = [needField, timelineField, selfReportedSourceField, reasonField];
  const wanted = [LEAD_FIELDS, ...named.filter((name) => name !== undefined)];
  const text = soql`SELECT ${raw([...new Set(wanted)].join(', '))} FROM Lead WHERE ${raw(condition)}`;
  const [lead] = await query(context, Lead, text);
  if (lead === undefined) return undefined;
  const facts = knownOnly({
    ...namesOf(lead),
    company: lead.Company === context.settings.companyWhenUnknown ? undefined : lead.Company,
    website: lead.Website,
    country: countryCode(lead.Country ?? ''),
    region: lead.State,
    industry: lead.Industry,
    employees: lead.NumberOfEmployees,
    status: lead.Status,
    selfReportedSource: fieldText(lead, selfReportedSourceField),
  });
  return {
    ...personOf('lead', lead, facts),
    became: lead.ConvertedContactId ? { kind: 'contact', id: lead.ConvertedContactId } : undefined,
  };
}

async function findContact(context: SalesforceContext, id: string): Promise<Person | undefined> {
  const text = soql`SELECT ${raw(CONTACT_FIELDS)} FROM Contact WHERE Id = ${id}`;
  const [contact] = await query(context, Contact, text);
  if (contact === undefined) return undefined;
  const facts = knownOnly({
    ...namesOf(contact),
    company: contact.Account?.Name,
    website: contact.Account?.Website,
    industry: contact.Account?.Industry,
    country: countryCode(contact.MailingCountry ?? ''),
    region: contact.MailingState,
  });
  return { ...personOf('contact', contact, facts), became: undefined };
}

function personOf(
  kind: string,
  row: { Id: string; OwnerId?: string | null | undefined },
  facts: PersonFacts,
) {
  const record = { kind, id: row.Id };
  return { record, facts, ownerId: row.OwnerId ?? undefined, fields: { ...row } };
}

function namesOf(row: z.infer<typeof Lead> | z.infer<typeof Contact>) {
  return {
    email: row.Email,
    firstName: row.FirstName,
    lastName: row.LastName,
    title: row.Title,
    phone: row.Phone,
    owner: row.Owner?.Email ?? row.OwnerId,
    unsubscribed: row.HasOptedOutOfEmail === true ? true : undefined,
  };
}

/** The text of a field that the settings name, if they name one and it says something. */
export function fieldText(
  fields: Readonly<Record<string, unknown>>,
  name: string | undefined,
): string | undefined {
  const value = name === undefined ? undefined : fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A person as the subject of an event, under every name that Salesforce has for them. */
export function subjectOf(connection: string, person: Person): Subject {
  const records = [person.record, ...(person.became === undefined ? [] : [person.became])];
  return {
    ...(person.facts.email === undefined ? {} : { email: person.facts.email }),
    external: records.map((record) => ({ connection, ...record })),
  };
}

/** The facts as fields; what is unknown is left out, so that nothing is blanked. Never the owner. */
export function personFields(
  sObject: 'Lead' | 'Contact',
  facts: PersonFacts,
  email: string | undefined,
): Fields {
  const both = {
    Email: email,
    FirstName: facts.firstName,
    LastName: facts.lastName,
    Title: facts.title,
    Phone: facts.phone,
  };
  // What a contact's company is and does is its account's business.
  if (sObject === 'Contact') return knownOnly(both) as Fields;
  return knownOnly({
    ...both,
    Company: facts.company,
    Website: facts.website,
    Country: facts.country,
    State: facts.region,
    Industry: facts.industry,
    NumberOfEmployees: facts.employees,
  }) as Fields;
}

/** The options of LeadStatus in a new organisation for the hub's status words. */
const STATUS = {
  assigned: 'Open - Not Contacted',
  accepted: 'Working - Contacted',
  working: 'Working - Contacted',
  nurture: 'Nurture',
  disqualified: 'Unqualified',
} as const;

export function statusFields(
  sObject: 'Lead' | 'Contact',
  settings: SalesforceSettings,
  status: keyof typeof STATUS,
): Fields {
  const field = sObject === 'Lead' ? 'Status' : settings.contactStatusField;
  return field === undefined ? {} : { [field]: settings.statusMap[status] ?? STATUS[status] };
}
