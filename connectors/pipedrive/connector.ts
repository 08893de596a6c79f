import { defineConnector } from '#connectors/kit/connector.ts';
import { PipedriveCredentials, PipedriveSettings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { inbound } from './inbound.ts';
import { limitsOf } from './limits.ts';
import { mapping } from './mapping.ts';
import { closeTask, createNote, createTask } from './operations/activity.ts';
import {
  opportunityContacts,
  readOpportunity,
  searchOpportunities,
  upsertOpportunity,
} from './operations/opportunity.ts';
import {
  assignPerson,
  findOwner,
  findPerson,
  readPerson,
  setPersonStatus,
  upsertPerson,
} from './operations/person.ts';
import { streams } from './streams.ts';

/** Pipedrive as CRM: persons, activities, notes and deals. */
export const pipedrive = defineConnector({
  id: 'pipedrive',
  title: 'Pipedrive',
  docs: 'https://developers.pipedrive.com/docs/api/v1',
  credentials: PipedriveCredentials,
  settings: PipedriveSettings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 15_000,
    headers: ({ credentials }) => ({ 'x-api-token': credentials.apiToken }),
    failure,
  },

  limits: limitsOf,
  inbound,
  streams,
  mapping,
  examination,
  operations: {
    'person.upsert': upsertPerson,
    'person.find': findPerson,
    'person.read': readPerson,
    'owner.find': findOwner,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'task.create': createTask,
    'task.close': closeTask,
    'note.create': createNote,
    'opportunity.upsert': upsertOpportunity,
    'opportunity.read': readOpportunity,
    'opportunity.search': searchOpportunities,
    'opportunity.contacts': opportunityContacts,
  },
});
