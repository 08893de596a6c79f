import * as z from 'zod';
import { defineConnector } from '#connectors/kit/connector.ts';
import { MarketoCredentials } from './credentials.ts';
import { examination } from './examination.ts';
import { failure, responseCode } from './failure.ts';
import { inbound } from './inbound.ts';
import { limitsOf } from './limits.ts';
import { mapping } from './mapping.ts';
import { setPersonScore, setPersonStage, setPersonStatus } from './operations/change-person.ts';
import { findPeople, findPerson, readPerson } from './operations/find.ts';
import { associateVisitor, mergePerson } from './operations/join-person.ts';
import {
  addManyToList,
  addToList,
  hasOnList,
  removeFromList,
  removeManyFromList,
} from './operations/list.ts';
import { assignPerson, findOwner } from './operations/owner.ts';
import { addToProgram, removeFromProgram } from './operations/program.ts';
import { recordActivity } from './operations/record-activity.ts';
import { requestCampaign } from './operations/request-campaign.ts';
import { upsertPeople, upsertPerson } from './operations/upsert.ts';
import { MarketoSettings } from './settings.ts';
import { streams } from './streams.ts';
import { TIMEOUT_MS } from './timeouts.ts';

/** Marketo Engage: the marketing automation platform, by REST, webhook flow steps and its data stream. */
export const marketo = defineConnector({
  id: 'marketo',
  title: 'Marketo Engage',
  docs: 'https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/rest-api',
  credentials: MarketoCredentials,
  settings: MarketoSettings,

  http: {
    baseUrl: ({ settings }) => settings.restUrl,
    timeoutMs: TIMEOUT_MS.usual,
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

  limits: limitsOf,
  inbound,
  streams,
  mapping,
  examination,

  operations: {
    'person.upsert': upsertPerson,
    'people.upsert': upsertPeople,
    'person.find': findPerson,
    'people.find': findPeople,
    'person.read': readPerson,
    'owner.find': findOwner,
    'person.assign': assignPerson,
    'person.status': setPersonStatus,
    'person.stage': setPersonStage,
    'person.score': setPersonScore,
    'person.associate': associateVisitor,
    'person.merge': mergePerson,
    'list.add': addToList,
    'list.remove': removeFromList,
    'list.has': hasOnList,
    'list.addMany': addManyToList,
    'list.removeMany': removeManyFromList,
    'campaign.add': addToProgram,
    'campaign.remove': removeFromProgram,
    'campaign.request': requestCampaign,
    'activity.record': recordActivity,
  },
});

const Token = z.object({ access_token: z.string(), expires_in: z.number() });
