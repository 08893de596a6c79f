import { countryCode } from '#connectors/kit/country.ts';
import { type Known, knownOnly } from '#connectors/kit/known.ts';
import { HubError } from '#core/errors.ts';
import type { PersonFacts } from '#core/events.ts';
import type { LeadStatus } from '#core/operations.ts';
import type { LeadFact, SalesforceSettings } from './credentials.ts';
import type { Fields } from './records.ts';

export type FieldNames = Readonly<Partial<Record<LeadFact, string>>>;

/** Where a new organisation keeps the facts. */
const LEAD: FieldNames = {
  firstName: 'FirstName',
  lastName: 'LastName',
  title: 'Title',
  phone: 'Phone',
  company: 'Company',
  website: 'Website',
  country: 'Country',
  region: 'State',
  postcode: 'PostalCode',
  city: 'City',
  industry: 'Industry',
  employees: 'NumberOfEmployees',
};
/** What a contact's company is and does is its account's business. */
const CONTACT: FieldNames = {
  firstName: 'FirstName',
  lastName: 'LastName',
  title: 'Title',
  phone: 'Phone',
  country: 'MailingCountry',
  region: 'MailingState',
  postcode: 'MailingPostalCode',
  city: 'MailingCity',
};

/** The field of each fact in this organisation. */
export function fieldNames(sObject: 'Lead' | 'Contact', settings: SalesforceSettings): FieldNames {
  return sObject === 'Lead'
    ? { ...LEAD, ...settings.fields.lead }
    : { ...CONTACT, ...settings.fields.contact };
}

/** The facts that a row's fields tell, whatever their names are here. */
export function factsIn(
  row: Readonly<Record<string, unknown>>,
  sObject: 'Lead' | 'Contact',
  settings: SalesforceSettings,
): Known<PersonFacts> {
  const names = fieldNames(sObject, settings);
  const told = (fact: LeadFact) => fieldText(row, names[fact]);
  const employees = Number(row[names.employees ?? ''] ?? Number.NaN);
  const company = told('company');
  return knownOnly({
    email: fieldText(row, 'Email'),
    firstName: told('firstName'),
    lastName: told('lastName'),
    title: told('title'),
    phone: told('phone'),
    company: company === settings.companyWhenUnknown ? undefined : company,
    website: told('website'),
    country: countryCode(told('country') ?? ''),
    region: told('region'),
    postcode: told('postcode'),
    city: told('city'),
    industry: told('industry'),
    employees: Number.isInteger(employees) && employees >= 0 ? employees : undefined,
  });
}

/** The text of a field that the settings name, if they name one and it says something. */
export function fieldText(
  fields: Readonly<Record<string, unknown>>,
  name: string | undefined,
): string | undefined {
  const value = name === undefined ? undefined : fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The facts as fields; what is unknown is left out, so that nothing is blanked. Never the owner. */
export function personFields(
  sObject: 'Lead' | 'Contact',
  facts: PersonFacts,
  email: string | undefined,
  settings: SalesforceSettings,
): Fields {
  const names = Object.entries(fieldNames(sObject, settings)) as [LeadFact, string][];
  const values = names.map(([fact, name]) => [name, facts[fact]] as const);
  return knownOnly({ Email: email, ...Object.fromEntries(values) }) as Fields;
}

/** The options of LeadStatus in a new organisation for the hub's status words. */
const STATUS: Record<LeadStatus, string> = {
  assigned: 'Open - Not Contacted',
  accepted: 'Working - Contacted',
  working: 'Working - Contacted',
  nurture: 'Nurture',
  disqualified: 'Unqualified',
};

/** The options that the hub writes to the status of leads. */
export function statusOptions(settings: SalesforceSettings): string[] {
  return Object.values({ ...STATUS, ...settings.statusMap });
}

/** Throws `config` for a status that only a conversion may set. */
export function statusFields(
  sObject: 'Lead' | 'Contact',
  settings: SalesforceSettings,
  status: LeadStatus,
): Fields {
  const field = sObject === 'Lead' ? 'Status' : settings.contactStatusField;
  if (field === undefined) return {};
  const option = settings.statusMap[status] ?? STATUS[status];
  if (sObject === 'Lead' && settings.convertedStatuses.includes(option)) {
    throw new HubError(
      'config',
      'salesforce_status_converts',
      `'${option}' is a status of converted leads, which no write may set: map '${status}' to another one in statusMap, or convert the lead with person.convert.`,
    );
  }
  return { [field]: option };
}
