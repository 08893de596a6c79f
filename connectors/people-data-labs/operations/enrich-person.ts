import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { HubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import { employeesOf } from '../company-size.ts';
import type { PeopleDataLabsContext } from '../credentials.ts';

/** https://docs.peopledatalabs.com/docs/person-enrichment-api */
export const enrichPerson = defineOperation({
  summary: 'Looks a person up by e-mail address: role, company, size, country.',
  idempotent: true,
  ...VERBS['person.enrich'],

  async run(context: PeopleDataLabsContext, { email, timeoutMs }) {
    const { status, data } = await ask(context, email, timeoutMs);
    if (status === 404) return { status: 'miss' as const };

    const { likelihood, data: person } = Match.parse(data);
    return {
      status: 'hit' as const,
      confidence: likelihood / 10,
      facts: knownOnly({
        firstName: textOf(person.first_name),
        lastName: textOf(person.last_name),
        title: textOf(person.job_title),
        company: textOf(person.job_company_name),
        website: textOf(person.job_company_website),
        industry: textOf(person.job_company_industry) ?? textOf(person.industry),
        employees: employeesOf(textOf(person.job_company_size)),
        country: countryCode(
          textOf(person.location_country) ?? textOf(person.job_company_location_country) ?? '',
        ),
        region: textOf(person.location_region),
      }),
    };
  },
});

/** A lead does not wait for an enrichment: what takes too long is told apart from what is down. */
async function ask({ http, settings }: PeopleDataLabsContext, email: string, timeoutMs: number) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await http.get('/v5/person/enrich', {
      params: { email, min_likelihood: settings.minLikelihood, required: settings.required },
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    const said = `People Data Labs did not answer within ${timeoutMs} ms.`;
    throw new HubError('retry', 'enrichment_timeout', said, { cause: error });
  }
}

/** A plan without a field's value answers `true` in its place. */
const value = z.union([z.string(), z.boolean(), z.null()]).optional();

const textOf = (field: z.infer<typeof value>): string | undefined =>
  typeof field === 'string' ? field : undefined;

const Match = z.object({
  likelihood: z.number().min(0).max(10),
  data: z.object({
    first_name: value,
    last_name: value,
    job_title: value,
    job_company_name: value,
    job_company_website: value,
    job_company_industry: value,
    job_company_size: value,
    job_company_location_country: value,
    industry: value,
    location_country: value,
    location_region: value,
  }),
});
