import { Hono } from 'hono';
import { type Fake, type FakeWrite, outage } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';
import { activityRoutes } from './fake/activities.ts';
import { type Actors, actors } from './fake/actors.ts';
import { authRoutes } from './fake/auth.ts';
import {
  type FakeActivity,
  type FakeInstance,
  type FakeLead,
  type FakeMarketoOptions,
  refusal,
  type Tokens,
} from './fake/instance.ts';
import { leadRoutes } from './fake/leads.ts';
import { listRoutes } from './fake/lists.ts';
import { programRoutes } from './fake/programs.ts';
import { schemaRoutes } from './fake/schema.ts';

export interface FakeMarketo extends Fake, Actors {
  readonly leads: ReadonlyMap<number, FakeLead>;
  readonly companies: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly lists: ReadonlyMap<number, ReadonlySet<number>>;
  /** Tokens that were made, and how often one was asked for. */
  readonly tokensIssued: () => number;
  readonly tokensAsked: () => number;
  /** Calls that came within the last 20 s. */
  readonly recentCalls: () => number;
  readonly log: readonly FakeActivity[];
}

/** A Marketo instance that keeps leads, lists, programs and a log, and calls webhooks. */
export function fakeMarketo(options: FakeMarketoOptions): FakeMarketo {
  const writes: FakeWrite[] = [];
  const instance = emptyInstance(options, writes);
  const app = new Hono();
  const fake: FakeMarketo = {
    app,
    outageUntil: undefined,
    writes,
    leads: instance.leads,
    companies: instance.companies,
    lists: instance.lists,
    log: instance.log,
    tokensIssued: () => instance.tokens.issued,
    tokensAsked: () => instance.tokens.asked,
    recentCalls: () => instance.calls.length,
    ...actors(instance),
  };
  app.use(outage(fake, options.now));
  app.use(async (context, next) => {
    if (options.faults?.strikes('outage', context.req.path)) return context.text('Down', 503);
    await next();
    // The quota's end is reckoned from the answer's own date.
    context.header('date', options.now().toUTCString());
    return undefined;
  });
  authRoutes(app, instance);
  leadRoutes(app, instance);
  listRoutes(app, instance);
  programRoutes(app, instance);
  activityRoutes(app, instance);
  schemaRoutes(app, instance);
  app.notFound((context) => context.json(refusal('610', 'Requested resource not found')));
  return fake;
}

function emptyInstance(options: FakeMarketoOptions, writes: FakeWrite[]): FakeInstance {
  const tokens: Tokens = { issued: 0, asked: 0, current: undefined, ended: new Map() };
  return {
    options,
    news: openNews(options),
    tokens,
    leads: new Map(),
    byEmail: new Map(),
    stamps: new Map(),
    companies: new Map(),
    lists: new Map((options.lists ?? [1001]).map((id) => [id, new Set<number>()])),
    members: new Map(),
    log: [],
    skipped: new Map(),
    drifted: new Set(),
    refusals: [],
    lateRefusals: [],
    calls: [],
    day: { on: '', calls: 0 },
    underWay: 0,
    lastLead: 0,
    write(verb, target, detail, key) {
      writes.push({ verb, target, key, at: options.now().toISOString(), detail });
    },
  };
}
