import { defineConnector } from '#connectors/kit/connector.ts';
import { HubspotCredentials } from './credentials.ts';
import { hubspotExamination } from './examination.ts';
import { hubspotFailure } from './failure.ts';
import { hubspotInbound } from './inbound.ts';
import { hubspotLimits, hubspotQuota } from './limits.ts';
import { hubspotMapping } from './mapping.ts';
import { recordActivity } from './operations/activity.ts';
import { requestCampaign } from './operations/campaign.ts';
import { addToList, isOnList, removeFromList } from './operations/list.ts';
import { mergePerson } from './operations/merge.ts';
import { createNote } from './operations/note.ts';
import {
  opportunityContacts,
  readOpportunity,
  searchOpportunities,
} from './operations/opportunity.ts';
import { findOwnerId } from './operations/owner.ts';
import { upsertPeople } from './operations/people.ts';
import {
  assignPerson,
  findPerson,
  readPerson,
  setPersonStatus,
  upsertPerson,
} from './operations/person.ts';
import { setPersonStage } from './operations/stage.ts';
import { closeTask, createTask } from './operations/task.ts';
import { upsertOpportunity } from './operations/upsert-opportunity.ts';
import { HubspotSettings } from './settings.ts';
import { hubspotStreams } from './streams.ts';
import { authorised, fetchHubspotToken, hubspotTokenRefused } from './token.ts';

/** HubSpot as CRM and as marketing automation platform. */
export const hubspot = defineConnector({
  id: 'hubspot',
  title: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs',
  credentials: HubspotCredentials,
  settings: HubspotSettings,
  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 15_000,
    headers: authorised,
    fetchToken: fetchHubspotToken,
    tokenRefused: hubspotTokenRefused,
    failure: (answer, moment) => hubspotFailure(answer, moment),
    quota: hubspotQuota,
  },
  limits: hubspotLimits,
  inbound: hubspotInbound,
  operations: {
    'person.upsert': upsertPerson,
    'people.upsert': upsertPeople,
    'person.find': findPerson,
    'person.read': readPerson,
    'owner.find': findOwnerId,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'person.stage': setPersonStage,
    'person.merge': mergePerson,
    'task.create': createTask,
    'task.close': closeTask,
    'note.create': createNote,
    'activity.record': recordActivity,
    'list.add': addToList,
    'list.remove': removeFromList,
    'list.has': isOnList,
    'campaign.request': requestCampaign,
    'opportunity.upsert': upsertOpportunity,
    'opportunity.read': readOpportunity,
    'opportunity.search': searchOpportunities,
    'opportunity.contacts': opportunityContacts,
  },
  streams: hubspotStreams,
  mapping: hubspotMapping,
  examination: hubspotExamination,
});
