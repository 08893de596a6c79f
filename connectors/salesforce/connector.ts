import { defineConnector } from '#connectors/kit/connector.ts';
import { SalesforceCredentials, SalesforceSettings } from './credentials.ts';
import { salesforceExamination } from './examination.ts';
import { salesforceFailure, sessionRefused } from './failure.ts';
import { salesforceInbound } from './inbound.ts';
import { salesforceLimits, salesforceQuota } from './limits.ts';
import { salesforceMapping } from './mapping.ts';
import { recordActivity } from './operations/activity.ts';
import { assignPerson, findOwner } from './operations/assign-person.ts';
import { addToCampaign, removeFromCampaign } from './operations/campaign.ts';
import { convertPerson } from './operations/convert-person.ts';
import { createNote } from './operations/note.ts';
import {
  findOpportunity,
  opportunityContacts,
  readOpportunity,
  searchOpportunities,
} from './operations/opportunity.ts';
import { setPersonStage, setPersonStatus } from './operations/person-status.ts';
import { findPeople, readPerson } from './operations/read-person.ts';
import { closeTask, createTask } from './operations/task.ts';
import { upsertOpportunity } from './operations/upsert-opportunity.ts';
import { upsertPeople } from './operations/upsert-people.ts';
import { upsertPerson } from './operations/upsert-person.ts';
import { salesforceStreams } from './streams.ts';
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
    quota: salesforceQuota,
  },
  limits: salesforceLimits,
  inbound: salesforceInbound,
  operations: {
    'person.upsert': upsertPerson,
    'people.upsert': upsertPeople,
    'person.find': findPeople,
    'person.read': readPerson,
    'owner.find': findOwner,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'person.stage': setPersonStage,
    'person.convert': convertPerson,
    'task.create': createTask,
    'task.close': closeTask,
    'note.create': createNote,
    'activity.record': recordActivity,
    'campaign.add': addToCampaign,
    'campaign.remove': removeFromCampaign,
    'opportunity.upsert': upsertOpportunity,
    'opportunity.read': readOpportunity,
    'opportunity.search': searchOpportunities,
    'opportunity.contacts': opportunityContacts,
    'opportunity.find': findOpportunity,
  },
  streams: salesforceStreams,
  mapping: salesforceMapping,
  examination: salesforceExamination,
});
