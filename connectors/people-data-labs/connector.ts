import { defineConnector } from '#connectors/kit/connector.ts';
import { PeopleDataLabsCredentials, PeopleDataLabsSettings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { limitsOf } from './limits.ts';
import { enrichPerson } from './operations/enrich-person.ts';

/** People Data Labs: what is publicly known of a person. It sends nothing in. */
export const peopleDataLabs = defineConnector({
  id: 'people-data-labs',
  title: 'People Data Labs',
  docs: 'https://docs.peopledatalabs.com/docs/person-enrichment-api',
  credentials: PeopleDataLabsCredentials,
  settings: PeopleDataLabsSettings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 30_000,
    headers: ({ credentials }) => ({ 'x-api-key': credentials.apiKey }),
    failure,
  },

  limits: limitsOf,
  examination,
  operations: { 'person.enrich': enrichPerson },
});
