import * as z from 'zod';
import { defineOperation } from '#connectors/kit/connector.ts';
import { countryCode } from '#connectors/kit/country.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { HubError } from '#core/errors.ts';
import { VERBS } from '#core/operations.ts';
import type { ApolloContext } from '../credentials.ts';

/** Apollo tells no likelihood; an address that it verified is worth more than one that it guessed. */
const CONFIDENCE = { verified: 0.9, otherwise: 0.7 } as const;

/** https://docs.apollo.io/reference/people-enrichment */
export const enrichPerson = defineOperation({
  summary: 'Looks a person up by e-mail address: role, company, size, country.',
  idempotent: true,
  ...VERBS['person.enrich'],

  async run(context: ApolloContext, { email, timeoutMs }) {
    const { person } = Match.parse(await ask(context, email, timeoutMs));
    if (person === null || person === undefined) return { status: 'miss' as const };
    const { organization } = person;
    return {
      status: 'hit' as const,
      confidence: CONFIDENCE[person.email_status === 'verified' ? 'verified' : 'otherwise'],
      facts: knownOnly({
        firstName: person.first_name,
        lastName: person.last_name,
        title: person.title,
        company: organization?.name,
        website: organization?.primary_domain ?? organization?.website_url,
        industry: organization?.industry,
        employees: organization?.estimated_num_employees,
        country: countryCode(person.country ?? organization?.country ?? ''),
        region: person.state,
      }),
    };
  },
});

/** A lead does not wait for an enrichment: what takes too long is told apart from what is down. */
async function ask({ http }: ApolloContext, email: string, timeoutMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(timeoutMs);
  // Phone numbers come later, over an address of ours, and private addresses are nobody's business.
  const body = { email, reveal_personal_emails: false, reveal_phone_number: false };
  try {
    return (await http.post('/api/v1/people/match', body, { signal })).data;
  } catch (error) {
    if (!signal.aborted) throw error;
    const said = `Apollo did not answer within ${timeoutMs} ms.`;
    throw new HubError('retry', 'enrichment_timeout', said, { cause: error });
  }
}

const text = z.string().nullish();
const Match = z.object({
  person: z
    .object({
      first_name: text,
      last_name: text,
      title: text,
      country: text,
      state: text,
      email_status: text,
      organization: z
        .object({
          name: text,
          primary_domain: text,
          website_url: text,
          industry: text,
          country: text,
          estimated_num_employees: z.number().int().nonnegative().nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
