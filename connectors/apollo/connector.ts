import { defineConnector } from '#connectors/kit/connector.ts';
import { ApolloCredentials, ApolloSettings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { limitsOf, quotaIn } from './limits.ts';
import { enrichPerson } from './operations/enrich-person.ts';

/** Apollo: what is publicly known of a person. It sends nothing in. */
export const apollo = defineConnector({
  id: 'apollo',
  title: 'Apollo',
  docs: 'https://docs.apollo.io/reference/people-enrichment',
  credentials: ApolloCredentials,
  settings: ApolloSettings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 30_000,
    headers: ({ credentials }) => ({ 'x-api-key': credentials.apiKey }),
    failure,
    quota: quotaIn,
  },

  limits: limitsOf,
  examination,
  operations: { 'person.enrich': enrichPerson },
});
