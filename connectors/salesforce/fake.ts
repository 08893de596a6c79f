import { Hono } from 'hono';
import { type Fake, type FakeWrite, type OutgoingRequest, outage } from '#connectors/kit/fake.ts';
import { type Actors, salesforceActors } from './fake-actors.ts';
import type { FakeOrganization } from './fake-call.ts';
import { answerHeaders, answerRefusal, type Faults, limitsAndLosses } from './fake-errors.ts';
import { fakeNews, type NewsOptions } from './fake-news.ts';
import { queryPages } from './fake-pages.ts';
import { restRoutes } from './fake-routes.ts';
import { fakeSchema } from './fake-schema.ts';
import { fakeSessions, type SessionOptions } from './fake-session.ts';
import type { SObjectName } from './fake-sobject.ts';
import { type ChangeNews, salesforceStore } from './fake-store.ts';
import { rollingUsage } from './fake-usage.ts';

export interface SalesforceFakeOptions extends NewsOptions, SessionOptions {
  /** E-mail addresses of the salespeople. */
  readonly users?: readonly string[] | undefined;
  /** Addresses of those who left; one may belong to somebody active as well. */
  readonly inactiveUsers?: readonly string[] | undefined;
  /** Refuses a new lead whose address or telephone number a lead or contact has already. */
  readonly duplicateRule?: boolean | undefined;
  readonly externalIdField?: string | undefined;
  readonly taskKeyField?: string | undefined;
  /** Whether its REST API converts leads; of most organisations it does not. */
  readonly converts?: boolean | undefined;
  /** To whom an automation gives every lead, whatever was written: a user's address. */
  readonly ownerTrigger?: string | undefined;
  /** Whether the hub's user may see how the organisation is set up. */
  readonly seesSetup?: boolean | undefined;
  /** Rows of one page of a query's result. */
  readonly pageSize?: number | undefined;
  /** Calls that the organisation may make in 24 hours. */
  readonly dailyCalls?: number | undefined;
  /** Custom fields beside the two external ids. */
  readonly customFields?: Readonly<Partial<Record<SObjectName, readonly string[]>>> | undefined;
}

export interface SalesforceFake extends Fake, Actors {
  /** Every event and message so far. */
  readonly sent: readonly OutgoingRequest[];
  readonly faults: Faults;
  /** The id of the user that the hub runs as. */
  readonly integrationUserId: string;
  /** Ends every session at once; the next call of each is refused. */
  endSessions(): void;
  sessionsOpened(): number;
  /** Sends leads, contacts, tasks or opportunities of one kind as an outbound message. */
  sendOutboundMessage(ids: readonly string[]): OutgoingRequest;
  /** API calls so far, a composite one counted once. */
  apiCalls(): number;
  /** Forgets the further pages of every query, as after two days. */
  forgetQueries(): void;
  /** Tells that more changed at once than events can tell. */
  tellOverflow(entity: SObjectName): void;
  tellPlatformEvent(name: string, fields: Readonly<Record<string, unknown>>, by: string): void;
  callOut(body: object, by: 'apex' | 'flow'): OutgoingRequest;
  /** Brings what a fault of the script held back. */
  catchUp(): void;
  /** Tells that several records were changed by one event, as bulk edits do. */
  tellTogether(news: readonly ChangeNews[]): void;
}

const PAGE_SIZE = 2_000;
const DAILY_CALLS = 100_000;

/** What the change events' channel covers. */
const CHANNEL: ReadonlySet<SObjectName> = new Set<SObjectName>([
  'Lead',
  'Contact',
  'Task',
  'Opportunity',
  'OpportunityContactRole',
]);

/** A Salesforce organisation in memory, with an app that may write and a relay of its changes. */
export function fakeSalesforce(options: SalesforceFakeOptions): SalesforceFake {
  const { externalIdField = 'Hub_Id__c', taskKeyField = 'Hub_Key__c', customFields = {} } = options;
  const news = fakeNews(options);
  const writes: FakeWrite[] = [];
  const faults: Faults = { limit: 'TotalRequests', answersToLose: 0, locksLeft: 0 };
  const store = salesforceStore(options.now, (one) => {
    if (CHANNEL.has(one.entity)) news.tell(one);
  });
  const setUp = { user: '005000000000000AAA' };
  const runAs = store.create('User', { Email: 'hub@integration.test', IsActive: true }, setUp).Id;
  const addUsers = (emails: readonly string[], isActive: boolean) => {
    for (const email of emails) {
      store.create('User', { Email: email, Username: email, IsActive: isActive }, setUp);
    }
  };
  addUsers(options.inactiveUsers ?? [], false);
  addUsers(options.users ?? [], true);

  const sessions = fakeSessions({ ...options, userId: () => runAs });
  const usage = rollingUsage(options.dailyCalls ?? DAILY_CALLS, options.now);
  const pages = queryPages(options.pageSize ?? PAGE_SIZE);
  const own = { Lead: externalIdField, Task: taskKeyField, Opportunity: taskKeyField };
  const custom = Object.entries(own).map(([table, key]) => [
    table,
    [key, ...(customFields[table as SObjectName] ?? [])],
  ]);
  const actors = salesforceActors(store, runAs);
  const { ownerTrigger } = options;
  const organization: FakeOrganization = {
    store,
    schema: fakeSchema({ ...customFields, ...Object.fromEntries(custom) }, options.faults),
    pages,
    runAs,
    duplicateRule: options.duplicateRule ?? false,
    converts: options.converts ?? false,
    ownerTrigger: () => (ownerTrigger === undefined ? undefined : actors.userId(ownerTrigger)),
    seesSetup: options.seesSetup ?? true,
    keys: own,
    faults,
    script: options.faults,
    usage,
    record: (write) => writes.push({ ...write, at: options.now().toISOString() }),
    recording(act) {
      const before = writes.length;
      try {
        return act();
      } catch (error) {
        writes.length = before;
        throw error;
      }
    },
  };

  const app = new Hono();
  const fake: SalesforceFake = {
    app,
    outageUntil: undefined,
    writes,
    sent: news.sent,
    faults,
    integrationUserId: runAs,
    endSessions: sessions.end,
    sessionsOpened: sessions.opened,
    apiCalls: usage.total,
    forgetQueries: pages.forget,
    tellTogether: news.tellTogether,
    tellOverflow: (entity) =>
      news.tell({
        entity,
        recordId: '000000000000000AAA',
        changeType: 'GAP_OVERFLOW',
        fields: {},
        change: setUp,
      }),
    tellPlatformEvent: (name, fields, by) =>
      news.tellPlatformEvent(name, fields, actors.userId(by)),
    callOut: news.callOut,
    catchUp: news.catchUp,
    ...actors,
    sendOutboundMessage(ids) {
      const rows = ids.flatMap((id) => fake.row(id) ?? []);
      return news.tellBySoap(ENTITIES[ids[0]?.slice(0, 3) ?? ''] ?? 'Lead', rows);
    },
  };
  app.onError(answerRefusal);
  app.use('*', answerHeaders(options.now, usage));
  app.use('*', (context, next) => outage(fake, options.now)(context, next));
  app.route('/', sessions.routes);
  app.use('/services/data/*', sessions.required, limitsAndLosses(faults, options, writes));
  app.route('/services/data/:version{v[0-9]+\\.0}', restRoutes(organization));
  return fake;
}

const ENTITIES: Record<string, string> = {
  '00Q': 'Lead',
  '003': 'Contact',
  '00T': 'Task',
  '006': 'Opportunity',
};
