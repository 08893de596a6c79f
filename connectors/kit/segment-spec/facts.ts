import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts } from '#core/events.ts';

export type Traits = Readonly<Record<string, unknown>>;

/** https://segment.com/docs/connections/spec/identify/#traits, and the spellings of other senders. */
export function factsFrom(traits: Traits): PersonFacts {
  const company = traits['company'];
  const organisation = asTraits(company);
  const [firstName, lastName] = splitName(text(traits, 'name'));
  return knownOnly({
    email: text(traits, 'email'),
    firstName: text(traits, 'firstName', 'first_name', 'firstname') ?? firstName,
    lastName: text(traits, 'lastName', 'last_name', 'lastname') ?? lastName,
    title: text(traits, 'title', 'jobTitle', 'job_title'),
    phone: text(traits, 'phone', 'phoneNumber', 'phone_number'),
    company: text(traits, 'company', 'companyName', 'company_name') ?? text(organisation, 'name'),
    website: text(traits, 'website'),
    country: countryCode(
      text(traits, 'country') ?? text(asTraits(traits['address']), 'country') ?? '',
    ),
    region: text(traits, 'region', 'state') ?? text(asTraits(traits['address']), 'state'),
    industry: text(traits, 'industry') ?? text(organisation, 'industry'),
    employees: employeesFrom(traits) ?? employeesFrom(organisation),
    selfReportedSource: text(
      traits,
      'selfReportedSource',
      'self_reported_source',
      'howDidYouHear',
      'how_did_you_hear',
    ),
  });
}

/** The first of these members that says something; numbers are told as text. */
export function text(traits: Traits, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = traits[name];
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}

export function asTraits(value: unknown): Traits {
  return typeof value === 'object' && value !== null ? (value as Traits) : {};
}

export function employeesFrom(traits: Traits): number | undefined {
  const count = Number(text(traits, 'employees', 'employee_count', 'employeeCount') ?? Number.NaN);
  return Number.isInteger(count) && count >= 0 ? count : undefined;
}

function splitName(name: string | undefined): (string | undefined)[] {
  const [first, ...rest] = name?.split(/\s+/) ?? [];
  return rest.length === 0 ? [] : [first, rest.join(' ')];
}
