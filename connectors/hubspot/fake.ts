import { Hono } from 'hono';
import { type Fake, type FakeWrite, type OutgoingRequest, outage } from '#connectors/kit/fake.ts';
import { type Actors, hubspotActors } from './fake-actors.ts';
import { answerRefusal, type Faults, loseAnswers, rateLimit, requireToken } from './fake-errors.ts';
import {
  associationRoutes,
  listRoutes,
  ownerRoutes,
  pipelineRoutes,
  searchRoutes,
} from './fake-lookups.ts';
import { type FakePortal, objectRoutes } from './fake-routes.ts';
import { hubspotStore } from './fake-store.ts';
import { hubspotWebhooks, type WebhookOptions } from './fake-webhooks.ts';

export interface HubspotFakeOptions extends WebhookOptions {
  readonly token: string;
  /** E-mail addresses of the salespeople. */
  readonly owners?: readonly string[] | undefined;
  /** Static lists: name by id. */
  readonly lists?: Readonly<Record<string, string>> | undefined;
}

export interface HubspotFake extends Fake, Actors {
  /** Every webhook request so far. */
  readonly sent: readonly OutgoingRequest[];
  readonly faults: Faults;
}

const FIRST_OWNER_ID = 301;
const FIRST_USER_ID = 529_001;

/** A HubSpot portal in memory, with one app installed that may write and is subscribed. */
export function fakeHubspot(options: HubspotFakeOptions): HubspotFake {
  const store = hubspotStore(options.now);
  const webhooks = hubspotWebhooks(options);
  const writes: FakeWrite[] = [];
  const faults: Faults = { policyName: 'TEN_SECONDLY_ROLLING', answersToLose: 0 };
  const portal: FakePortal = {
    store,
    byApi: { changeSource: 'INTEGRATION', sourceId: String(options.appId) },
    send: webhooks.send,
    record: (write) => writes.push({ ...write, at: options.now().toISOString() }),
  };

  (options.owners ?? []).forEach((email, index) => {
    store.owners.push({ id: String(FIRST_OWNER_ID + index), email, userId: FIRST_USER_ID + index });
  });
  for (const [id, name] of Object.entries(options.lists ?? {})) {
    store.lists.set(id, { name, members: new Set() });
  }

  const app = new Hono();
  const fake: HubspotFake = {
    app,
    outageUntil: undefined,
    writes,
    sent: webhooks.sent,
    faults,
    ...hubspotActors(portal, options.now),
  };
  app.onError(answerRefusal);
  app.use('*', (context, next) => outage(fake, options.now)(context, next));
  app.use('*', requireToken(options.token), rateLimit(faults), loseAnswers(faults));
  mount(app, portal);
  return fake;
}

/** Both ways in which HubSpot names its versions lead to the same answers. */
function mount(app: Hono, portal: FakePortal): void {
  const families = {
    owners: ownerRoutes(portal),
    lists: listRoutes(portal),
    pipelines: pipelineRoutes(),
    associations: associationRoutes(portal),
    objects: new Hono().route('/', searchRoutes(portal)).route('/', objectRoutes(portal)),
  };
  for (const [family, routes] of Object.entries(families)) {
    app.route(`/crm/${family === 'associations' ? 'v4' : 'v3'}/${family}`, routes);
    app.route(`/crm/${family}/2026-03`, routes);
    app.route(`/crm/${family}/2026-09`, routes);
  }
}
