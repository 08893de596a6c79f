import * as z from 'zod';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import type { PersonFacts } from '#core/events.ts';

/** Facts that Marketo keeps on the company. */
const COMPANY_FACTS: ReadonlySet<string> = new Set(['company', 'website', 'industry', 'employees']);

type Names = Readonly<Record<string, string>>;

/** Facts under the names of this instance; owners are never among them: `person.assign` writes those. */
export function toFields(facts: PersonFacts, names: Names): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [fact, value] of Object.entries(facts)) {
    const name = fact === 'owner' ? undefined : names[fact];
    if (name && value !== undefined) fields[name] = value;
  }
  return fields;
}

export function companyFacts(facts: PersonFacts): PersonFacts {
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => COMPANY_FACTS.has(fact)));
}

export function withoutCompany(facts: PersonFacts): PersonFacts {
  return Object.fromEntries(Object.entries(facts).filter(([fact]) => !COMPANY_FACTS.has(fact)));
}

/** The fields of a lead or a company that hold facts. */
export function factFields(names: Names, of: 'lead' | 'company'): [fact: string, field: string][] {
  return Object.entries(names).filter(
    ([fact, field]) =>
      field !== '' && fact !== 'owner' && COMPANY_FACTS.has(fact) === (of === 'company'),
  );
}

/** A value as text; what is not set comes as an empty string or null. */
export const text = z
  .union([z.string(), z.number(), z.null()])
  .optional()
  .transform((value) => {
    const trimmed = value === null || value === undefined ? '' : String(value).trim();
    return trimmed === '' ? undefined : trimmed;
  });

const count = text.transform((value) => {
  const number = Number(value);
  return value !== undefined && Number.isInteger(number) && number >= 0 ? number : undefined;
});

const flag = z
  .union([z.boolean(), z.string(), z.number(), z.null()])
  .optional()
  .transform((value) => (value === undefined || value === null ? undefined : isYes(value)));

const isYes = (value: string | number | boolean) => ['true', '1', 'yes'].includes(String(value));

const Facts = z.object({
  email: text,
  firstName: text,
  lastName: text,
  title: text,
  phone: text,
  company: text,
  website: text,
  // In whatever words the forms of this instance use.
  country: text.transform((value) => countryCode(value ?? '')),
  region: text,
  postcode: text,
  city: text,
  industry: text,
  employees: count,
  owner: text,
  status: text,
  unsubscribed: flag,
  selfReportedSource: text,
});

/** What a webhook tells under the names of facts. */
export function readFacts(values: unknown): PersonFacts {
  return knownOnly(Facts.parse(values));
}

/** What the API tells under the names of this instance. */
export function fromFields(lead: Readonly<Record<string, unknown>>, names: Names): PersonFacts {
  const named = Object.entries(names).flatMap(([fact, field]) =>
    field === '' || lead[field] === undefined ? [] : [[fact, lead[field]] as const],
  );
  return readFacts(Object.fromEntries(named));
}
