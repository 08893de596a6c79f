import { Hono } from 'hono';
import { type Fake, type FakeWrite, type OutgoingRequest, outage } from '#connectors/kit/fake.ts';
import {
  accountRoutes,
  type FakeAccount,
  type FakeInstallation,
  type FakeTokens,
  fakeTokens,
  oauthRoutes,
  propertyRoutes,
  webhookRoutes,
} from './fake-account.ts';
import { type Actors, hubspotActors } from './fake-actors.ts';
import { answerRefusal, requireToken } from './fake-errors.ts';
import { type Faults, loseAnswers, refuseByFaults } from './fake-faults.ts';
import { associationRoutes, listRoutes, ownerRoutes, pipelineRoutes } from './fake-lookups.ts';
import { type FakePortal, objectRoutes } from './fake-routes.ts';
import { searchRoutes } from './fake-search.ts';
import { hubspotStore } from './fake-store.ts';
import { hubspotWebhooks, type WebhookOptions } from './fake-webhooks.ts';
import { type Family, pathOf } from './paths.ts';

export interface HubspotFakeOptions extends WebhookOptions {
  readonly token: string;
  /** An app that was installed by OAuth, beside the one with the token. */
  readonly installation?: FakeInstallation | undefined;
  /** E-mail addresses of the salespeople. */
  readonly owners?: readonly string[] | undefined;
  /** Static lists: name by id. */
  readonly lists?: Readonly<Record<string, string>> | undefined;
}

export interface HubspotFake extends Fake, Actors {
  /** Every webhook request so far. */
  readonly sent: readonly OutgoingRequest[];
  /** Every call so far: method and path. */
  readonly calls: string[];
  readonly faults: Faults;
  readonly account: FakeAccount;
  readonly tokens: FakeTokens;
  /** The webhook action of a workflow sends a contact. */
  callWorkflow(contactId: string, query?: string, signature?: 'v2' | 'v3'): OutgoingRequest;
}

const FIRST_OWNER_ID = 301;
const FIRST_USER_ID = 529_001;

/** A HubSpot portal in memory, with one app installed that may write and is subscribed. */
export function fakeHubspot(options: HubspotFakeOptions): HubspotFake {
  const store = hubspotStore(options.now);
  const webhooks = hubspotWebhooks(options);
  const writes: FakeWrite[] = [];
  const calls: string[] = [];
  const faults: Faults = { policyName: 'TEN_SECONDLY_ROLLING', answersToLose: 0 };
  const tokens = fakeTokens(options.now);
  const { portalId, targetUrl } = options;
  const account = { portalId, targetUrl, timeZone: 'UTC', dailyLimit: 250_000, callsToday: 0 };
  const portal: FakePortal = {
    store,
    byApi: { changeSource: 'INTEGRATION', sourceId: String(options.appId) },
    faults: options.faults,
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
    calls,
    faults,
    account,
    tokens,
    ...hubspotActors(portal, options.now),
    callWorkflow(contactId, query, signature) {
      const { id, properties } = store.records.contacts.get(contactId) ?? { id: contactId };
      const record = { id, properties, updatedAt: options.now().toISOString(), archived: false };
      return webhooks.sendRecord(record, query, signature);
    },
  };
  app.onError(answerRefusal);
  app.use('*', (context, next) => outage(fake, options.now)(context, next));
  app.use('*', async ({ req }, next) => {
    calls.push(`${req.method} ${req.path}`);
    await next();
  });
  const { installation } = options;
  if (installation !== undefined) {
    mountAt(app, 'oauth', oauthRoutes(installation, tokens, portalId));
  }
  app.use(
    '*',
    requireToken((token) => (token === options.token ? 'yes' : tokens.accepts(token))),
  );
  app.use('*', refuseByFaults(faults, options.faults, account));
  app.use('*', loseAnswers(faults, options.faults));
  mountAt(app, 'owners', ownerRoutes(portal));
  mountAt(app, 'lists', listRoutes(portal));
  mountAt(app, 'pipelines', pipelineRoutes());
  mountAt(app, 'properties', propertyRoutes(portal));
  mountAt(app, 'associations', associationRoutes(portal));
  mountAt(app, 'account', accountRoutes(account));
  mountAt(app, 'webhooks', webhookRoutes(account, options.faults));
  mountAt(app, 'objects', searchRoutes(portal));
  mountAt(app, 'objects', objectRoutes(portal));
  return fake;
}

/** Every way in which HubSpot names its versions leads to the same answers. */
function mountAt(app: Hono, family: Family, routes: Hono): void {
  for (const version of ['v3', '2026-03', '2026-09']) {
    app.route(pathOf({ apiVersions: { [family]: version } }, family), routes);
  }
}
