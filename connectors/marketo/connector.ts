import * as z from 'zod';
import { defineConnector } from '#connectors/kit/connector.ts';
import { MarketoCredentials, MarketoSettings } from './credentials.ts';
import { failure, responseCode } from './failure.ts';
import { inbound } from './inbound.ts';
import { addActivity } from './operations/add-activity.ts';
import { addToList, removeFromList } from './operations/change-list.ts';
import { findPeople } from './operations/find-people.ts';
import { requestCampaign } from './operations/request-campaign.ts';
import { upsertPerson } from './operations/upsert-person.ts';

/** Marketo Engage: the marketing automation platform, by REST and webhook flow steps. */
export const marketo = defineConnector({
  id: 'marketo',
  title: 'Marketo Engage',
  docs: 'https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/rest-api',
  credentials: MarketoCredentials,
  settings: MarketoSettings,

  http: {
    baseUrl: ({ settings }) => settings.restUrl,
    // Upserts may take 90 s on Marketo's side before it gives up (error 604).
    timeoutMs: 90_000,
    // A token in the query string is refused since 31 August 2026.
    headers: (_context, token) => ({ authorization: `Bearer ${token}` }),

    /** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/authentication */
    async fetchToken(http, { credentials, settings }) {
      const { data } = await http.get(`${settings.identityUrl}/oauth/token`, {
        params: {
          grant_type: 'client_credentials',
          client_id: credentials.clientId,
          client_secret: credentials.clientSecret,
        },
      });
      const { access_token, expires_in } = Token.parse(data);
      return { token: access_token, expiresInMs: expires_in * 1000 };
    },
    tokenRefused: (answer) => ['601', '602'].includes(responseCode(answer) ?? ''),
    failure,
  },

  inbound,

  operations: {
    'person.upsert': upsertPerson,
    'person.find': findPeople,
    'list.add': addToList,
    'list.remove': removeFromList,
    'campaign.request': requestCampaign,
    'activity.add': addActivity,
  },
});

const Token = z.object({ access_token: z.string(), expires_in: z.number() });
