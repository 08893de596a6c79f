import { Hono } from 'hono';
import { type Fake, type FakeOptions, outage } from '#connectors/kit/fake.ts';
import type { PersonFacts } from '#core/events.ts';
import { sizeOf } from './company-size.ts';

export interface FakePeopleDataLabs extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  /** Makes a person known; likelihood is of 10, 9 by default. */
  know(email: string, facts: PersonFacts, likelihood?: number): void;
  /** Addresses that were looked up, in order, hits and misses. */
  readonly lookups: readonly string[];
  /** Real milliseconds before each answer. */
  answerAfterMs: number;
  /** The next calls are answered with these statuses, one each. */
  refuseNext(...statuses: number[]): void;
}

/** An enrichment vendor that knows whom it was told of. */
export function fakePeopleDataLabs(options: FakeOptions & { apiKey?: string }): FakePeopleDataLabs {
  const apiKey = options.apiKey ?? 'pdl-key';
  const people = new Map<string, { likelihood: number; data: object }>();
  const lookups: string[] = [];
  const refusals: number[] = [];
  const app = new Hono();
  const fake: FakePeopleDataLabs = {
    app,
    outageUntil: undefined,
    writes: [],
    lookups,
    answerAfterMs: 0,
    connectionTo: (url) => ({ credentials: { apiKey }, settings: { baseUrl: url } }),
    know: (email, facts, likelihood = 9) =>
      people.set(email.toLowerCase(), { likelihood, data: toVendorShape(facts) }),
    refuseNext: (...statuses) => refusals.push(...statuses),
  };
  app.use(outage(fake, options.now));

  app.get('/v5/person/enrich', async (context) => {
    const { email = '', min_likelihood = '2', required = '' } = context.req.query();
    lookups.push(email);
    if (fake.answerAfterMs > 0) await new Promise((go) => setTimeout(go, fake.answerAfterMs));
    const isKnown = context.req.header('x-api-key') === apiKey;
    const status = isKnown ? (refusals.shift() ?? struck(options, context.req.path)) : 401;
    if (status !== undefined) return Response.json(refusal(status), { status });
    const found = people.get(email.toLowerCase());
    const lacks = required !== '' && !hasAll(found?.data ?? {}, required);
    if (found === undefined || found.likelihood < Number(min_likelihood) || lacks) {
      return context.json(refusal(404), 404);
    }
    return context.json({ status: 200, ...found });
  });
  return fake;
}

/** Whether a person has all the fields that an answer must have. */
function hasAll(person: object, required: string): boolean {
  const known = new Map(Object.entries(person));
  return required
    .split(' AND ')
    .every((field) => known.get(field.trim()) !== null && known.has(field.trim()));
}

function struck({ faults }: FakeOptions, path: string): number | undefined {
  if (faults?.strikes('throttle', path)) return 429;
  if (faults?.strikes('quota', path)) return 402;
  if (faults?.strikes('token', path)) return 401;
  return faults?.strikes('outage', path) ? 503 : undefined;
}

const TYPES: Readonly<Record<number, readonly [string, string]>> = {
  401: ['authentication_error', 'Request contained a missing or invalid key'],
  402: ['payment_required', 'You have reached the maximum number of credits'],
  404: ['not_found', 'No records were found matching your request'],
  429: ['rate_limit_error', 'An error occurred due to requests hitting the API too quick'],
};

function refusal(status: number) {
  const [type, message] = TYPES[status] ?? ['api_error', 'The server encountered an error'];
  return { status, error: { type, message } };
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' });

/** Values are lower case there, company sizes are ranges, countries are names. */
function toVendorShape(facts: PersonFacts) {
  const lower = (text: string | undefined) => text?.toLowerCase() ?? null;
  return {
    first_name: lower(facts.firstName),
    last_name: lower(facts.lastName),
    job_title: lower(facts.title),
    job_company_name: lower(facts.company),
    job_company_website: lower(facts.website),
    job_company_industry: lower(facts.industry),
    job_company_size: facts.employees === undefined ? null : sizeOf(facts.employees),
    location_country: facts.country === undefined ? null : lower(NAMES.of(facts.country)),
    location_region: lower(facts.region),
  };
}
