import { Hono } from 'hono';
import { type Fake, type FakeWrite, outage } from '#connectors/kit/fake.ts';
import { activityRoutes } from './fake/activities.ts';
import { authRoutes } from './fake/auth.ts';
import {
  type FakeInstance,
  type FakeLead,
  type FakeMarketoOptions,
  refusal,
  type Tokens,
} from './fake/instance.ts';
import { keepLead, leadRoutes } from './fake/leads.ts';
import { listRoutes } from './fake/lists.ts';

export interface FakeMarketo extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  readonly leads: ReadonlyMap<number, FakeLead>;
  readonly lists: ReadonlyMap<number, ReadonlySet<number>>;
  /** Tokens that were made, and how often one was asked for. */
  readonly tokensIssued: () => number;
  readonly tokensAsked: () => number;
  /** Calls that came within the last 20 s. */
  readonly recentCalls: () => number;
  addLead(fields: Record<string, unknown>): FakeLead;
  /** Every token dies and is refused as expired (602) or unknown (601). */
  endTokens(how: 'expired' | 'unknown'): void;
  /** The next calls are answered with these response-level error codes, one each. */
  refuseNext(...codes: string[]): void;
  /** The same for the next upserts, but only after their wait. */
  refuseLate(...codes: string[]): void;
  /** Upserts of an address are skipped for a reason on the record level; none lifts it. */
  skip(email: string, code: string | undefined): void;
  /** What a person does whom a trigger campaign with a webhook flow step listens to. */
  callWebhook(
    leadId: number,
    call: { event: string; eventKey?: string; [field: string]: unknown },
  ): void;
}

/** A Marketo instance that keeps leads, lists and activities, and calls webhooks. */
export function fakeMarketo(options: FakeMarketoOptions): FakeMarketo {
  const writes: FakeWrite[] = [];
  const tokens: Tokens = { issued: 0, asked: 0, current: undefined, ended: new Map() };
  const instance: FakeInstance = {
    options,
    tokens,
    leads: new Map(),
    byEmail: new Map(),
    lists: new Map((options.lists ?? [1001]).map((id) => [id, new Set<number>()])),
    activities: [],
    skipped: new Map(),
    refusals: [],
    lateRefusals: [],
    calls: [],
    write(verb, target, detail, key) {
      writes.push({ verb, target, key, at: options.now().toISOString(), detail });
    },
  };
  const app = new Hono();
  const fake: FakeMarketo = {
    app,
    outageUntil: undefined,
    writes,
    leads: instance.leads,
    lists: instance.lists,
    tokensIssued: () => tokens.issued,
    tokensAsked: () => tokens.asked,
    recentCalls: () => instance.calls.length,
    ...actors(instance),
  };
  app.use(outage(fake, options.now));
  // The quota's end is reckoned from the answer's own date.
  app.use(async (context, next) => {
    await next();
    context.header('date', options.now().toUTCString());
  });
  authRoutes(app, instance);
  leadRoutes(app, instance);
  listRoutes(app, instance);
  activityRoutes(app, instance);
  app.notFound((context) => context.json(refusal('610', 'Requested resource not found')));
  return fake;
}

function actors(instance: FakeInstance) {
  const { options, tokens, leads, skipped, refusals } = instance;
  return {
    connectionTo: (url: string) => ({
      credentials: {
        clientId: options.clientId ?? 'client',
        clientSecret: options.clientSecret ?? 'secret',
        webhookToken: webhookToken(options),
      },
      settings: { identityUrl: `${url}/identity`, restUrl: `${url}/rest` },
    }),
    addLead(fields: Record<string, unknown>): FakeLead {
      const lead = { ...fields, id: leads.size + 1 };
      keepLead(instance, lead);
      return lead;
    },
    endTokens(how: 'expired' | 'unknown') {
      if (tokens.current !== undefined) tokens.ended.set(tokens.current.token, how);
      tokens.current = undefined;
    },
    refuseNext(...codes: string[]) {
      refusals.push(...codes);
    },
    refuseLate(...codes: string[]) {
      instance.lateRefusals.push(...codes);
    },
    skip(email: string, code: string | undefined) {
      if (code === undefined) skipped.delete(email);
      else skipped.set(email, code);
    },
    callWebhook(
      leadId: number,
      {
        event,
        eventKey,
        ...fields
      }: { event: string; eventKey?: string; [field: string]: unknown },
    ) {
      const lead = leads.get(leadId);
      options.notify?.({
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hub-token': webhookToken(options),
          'x-hub-event': event,
          ...(eventKey === undefined ? {} : { 'x-mkto-event': eventKey }),
        },
        body: JSON.stringify({
          leadId,
          email: lead?.['email'] ?? null,
          score: lead?.['leadScore'] ?? null,
          status: lead?.['leadStatus'] ?? null,
          program: null,
          campaign: null,
          at: options.now().toISOString(),
          ...fields,
        }),
      });
    },
  };
}

function webhookToken(options: FakeMarketoOptions): string {
  return options.webhookToken ?? 'marketo-webhook-token';
}
