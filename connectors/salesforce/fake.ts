import { Hono } from 'hono';
import { type Fake, type FakeWrite, type OutgoingRequest, outage } from '#connectors/kit/fake.ts';
import { type Actors, salesforceActors } from './fake-actors.ts';
import { answerRefusal, type Faults, limitsAndLosses } from './fake-errors.ts';
import { fakeNews, type NewsOptions } from './fake-news.ts';
import { type FakeOrganization, recordRoutes } from './fake-routes.ts';
import { fakeSchema } from './fake-schema.ts';
import { fakeSessions, type SessionOptions } from './fake-session.ts';
import type { SObjectName } from './fake-sobject.ts';
import { type ChangeNews, salesforceStore } from './fake-store.ts';

export interface SalesforceFakeOptions extends NewsOptions, SessionOptions {
  /** E-mail addresses of the salespeople. */
  readonly users?: readonly string[] | undefined;
  /** Addresses of those who left; one may belong to somebody active as well. */
  readonly inactiveUsers?: readonly string[] | undefined;
  /** Refuses a new lead whose address or telephone number a lead or contact has already. */
  readonly duplicateRule?: boolean | undefined;
  readonly externalIdField?: string | undefined;
  readonly taskKeyField?: string | undefined;
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
  /** Tells that several records were changed by one event, as bulk edits do. */
  tellTogether(news: readonly ChangeNews[]): void;
}

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

  const sessions = fakeSessions(options);
  const organization: FakeOrganization = {
    store,
    schema: fakeSchema({
      ...customFields,
      Lead: [externalIdField, ...(customFields.Lead ?? [])],
      Task: [taskKeyField, ...(customFields.Task ?? [])],
    }),
    runAs,
    duplicateRule: options.duplicateRule ?? false,
    keys: { Lead: externalIdField, Task: taskKeyField },
    record: (write) => writes.push({ ...write, at: options.now().toISOString() }),
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
    tellTogether: news.tellTogether,
    ...salesforceActors(store, runAs),
    sendOutboundMessage(ids) {
      const rows = ids.flatMap((id) => fake.row(id) ?? []);
      return news.tellBySoap(ENTITIES[ids[0]?.slice(0, 3) ?? ''] ?? 'Lead', rows);
    },
  };
  app.onError(answerRefusal);
  app.use('*', (context, next) => outage(fake, options.now)(context, next));
  app.route('/', sessions.routes);
  app.use('/services/data/*', sessions.required, limitsAndLosses(faults));
  app.route('/services/data/:version{v[0-9]+\\.0}', recordRoutes(organization));
  return fake;
}

const ENTITIES: Record<string, string> = {
  '00Q': 'Lead',
  '003': 'Contact',
  '00T': 'Task',
  '006': 'Opportunity',
};
