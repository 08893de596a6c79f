import { defineConnector } from '#connectors/kit/connector.ts';
import { HubspotCredentials, HubspotSettings } from './credentials.ts';
import { hubspotFailure } from './failure.ts';
import { hubspotInbound } from './inbound.ts';
import { upsertContacts } from './operations/contacts.ts';
import { readDeal, searchDeals } from './operations/deal.ts';
import { addToList, removeFromList } from './operations/list.ts';
import { createNote } from './operations/note.ts';
import { assignPerson, readPerson, setPersonStatus, upsertPerson } from './operations/person.ts';
import { closeTask, createTask } from './operations/task.ts';

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
    headers: ({ credentials }) => ({ authorization: `Bearer ${credentials.token}` }),
    failure: hubspotFailure,
  },
  inbound: hubspotInbound,
  operations: {
    'person.upsert': upsertPerson,
    'person.read': readPerson,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'task.create': createTask,
    'task.close': closeTask,
    'list.add': addToList,
    'list.remove': removeFromList,
    'note.create': createNote,
    'deal.read': readDeal,
    'deal.search': searchDeals,
    'contacts.upsert': upsertContacts,
  },
});
