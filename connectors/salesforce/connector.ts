import { defineConnector } from '#connectors/kit/connector.ts';
import { SalesforceCredentials, SalesforceSettings } from './credentials.ts';
import { salesforceFailure, sessionRefused } from './failure.ts';
import { salesforceInbound } from './inbound.ts';
import { findOpportunity } from './operations/opportunity.ts';
import { assignPerson, readPerson, setPersonStatus, upsertPerson } from './operations/person.ts';
import { closeTask, createTask } from './operations/task.ts';
import { fetchSession } from './token.ts';

/** Salesforce as CRM. */
export const salesforce = defineConnector({
  id: 'salesforce',
  title: 'Salesforce',
  docs: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm',
  credentials: SalesforceCredentials,
  settings: SalesforceSettings,
  http: {
    baseUrl: ({ settings }) => `${settings.instanceUrl}/services/data/${settings.apiVersion}`,
    timeoutMs: 30_000,
    headers: (_, token) => ({ authorization: `Bearer ${token ?? ''}` }),
    fetchToken: fetchSession,
    tokenRefused: sessionRefused,
    failure: salesforceFailure,
  },
  inbound: salesforceInbound,
  operations: {
    'person.upsert': upsertPerson,
    'person.read': readPerson,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'task.create': createTask,
    'task.close': closeTask,
    'opportunity.find': findOpportunity,
  },
});
