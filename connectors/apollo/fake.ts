import { Hono } from 'hono';
import * as z from 'zod';
import { type Fake, type FakeOptions, outage } from '#connectors/kit/fake.ts';
import type { PersonFacts } from '#core/events.ts';

export interface FakeApollo extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  /** Makes a person known. */
  know(email: string, facts: PersonFacts, emailStatus?: string): void;
  /** Addresses that were looked up, in order, hits and misses. */
  readonly lookups: readonly string[];
  /** Real milliseconds before each answer. */
  answerAfterMs: number;
  /** The next calls are answered with these statuses and headers, one each. */
  refuseNext(status: number, headers?: Record<string, string>): void;
}

const DAILY = 600;

/** An enrichment vendor that knows whom it was told of, and answers nobody with `null`. */
export function fakeApollo(options: FakeOptions & { apiKey?: string }): FakeApollo {
  const apiKey = options.apiKey ?? 'apollo-key';
  const people = new Map<string, object>();
  const lookups: string[] = [];
  const refusals: { status: number; headers: Record<string, string> }[] = [];
  const app = new Hono();
  const fake: FakeApollo = {
    app,
    outageUntil: undefined,
    writes: [],
    lookups,
    answerAfterMs: 0,
    connectionTo: (url) => ({ credentials: { apiKey }, settings: { baseUrl: url } }),
    know: (email, facts, status = 'verified') =>
      void people.set(email.toLowerCase(), toVendorShape(facts, status)),
    refuseNext: (status, headers = {}) => void refusals.push({ status, headers }),
  };
  app.use(outage(fake, options.now));
  app.use(async (context, next) => {
    const set = refusals.shift() ?? struck(options, context.req.path);
    if (set !== undefined) return Response.json({ error: 'refused' }, set);
    if (context.req.header('x-api-key') !== apiKey && !context.req.path.endsWith('/health')) {
      return context.json({ error: 'Invalid access credentials.' }, 401);
    }
    await next();
    context.header('x-rate-limit-24-hour', String(DAILY));
    context.header('x-24-hour-requests-left', String(DAILY - lookups.length));
    return undefined;
  });
  app.post('/api/v1/people/match', async (context) => {
    const { email } = z.object({ email: z.string() }).parse(await context.req.json());
    lookups.push(email);
    if (fake.answerAfterMs > 0) await new Promise((go) => setTimeout(go, fake.answerAfterMs));
    return context.json({ person: people.get(email.toLowerCase()) ?? null });
  });
  app.get('/v1/auth/health', (context) =>
    context.json({ healthy: true, is_logged_in: context.req.header('x-api-key') === apiKey }),
  );
  return fake;
}

function struck({ faults }: FakeOptions, path: string) {
  if (faults?.strikes('throttle', path)) {
    return { status: 429, headers: { 'x-minute-requests-left': '0' } };
  }
  if (faults?.strikes('quota', path)) {
    return { status: 429, headers: { 'x-24-hour-requests-left': '0' } };
  }
  if (faults?.strikes('token', path)) return { status: 401, headers: {} };
  return faults?.strikes('outage', path) ? { status: 503, headers: {} } : undefined;
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' });

function toVendorShape(facts: PersonFacts, emailStatus: string) {
  return {
    first_name: facts.firstName ?? null,
    last_name: facts.lastName ?? null,
    title: facts.title ?? null,
    state: facts.region ?? null,
    country: facts.country === undefined ? null : NAMES.of(facts.country),
    email_status: emailStatus,
    organization: {
      name: facts.company ?? null,
      primary_domain: facts.website ?? null,
      industry: facts.industry ?? null,
      estimated_num_employees: facts.employees ?? null,
    },
  };
}
