import * as z from 'zod';
import type { Examination, Finding } from '#connectors/kit/examination.ts';
import { isHubError } from '#core/errors.ts';
import type { MarketoContext, MarketoCredentials } from './credentials.ts';
import { ask } from './read.ts';
import type { MarketoSettings } from './settings.ts';

export const examination: Examination<MarketoCredentials, MarketoSettings> = {
  /** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/authentication */
  async credentials({ http, credentials, settings }) {
    const { data } = await http.get(`${settings.identityUrl}/oauth/token`, {
      params: {
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
      },
    });
    const { scope } = z.object({ scope: z.string().default('an API user') }).parse(data);
    return { state: 'ok', says: `Marketo knows the hub as ${scope}.` };
  },

  /** A role has no name that could be asked for: what it forbids is answered with 603. */
  async scopes(context) {
    const forbidden: string[] = [];
    for (const [permission, path, query] of PROBES) {
      if (!(await isAllowed(context, path, query))) forbidden.push(permission);
    }
    if (forbidden.length === 0) {
      return { state: 'ok', says: 'The API role may read leads, companies and activities.' };
    }
    return {
      state: 'failure',
      says: `The API role lacks: ${forbidden.join(', ')}.`,
      advice:
        'Grant these to the API role in Admin → Users & Roles, and look at the list of allowed addresses.',
    };
  },

  /** The instance's usage of today, whoever caused it: the quota is shared. */
  async limits(context) {
    const answer = Usage.parse(await ask(context, '/v1/stats/usage.json'));
    const used = answer.result.reduce((sum, { total }) => sum + total, 0);
    return finding(used, context.settings.limits.daily);
  },

  async webhooks(_context, address) {
    return {
      state: 'unknown',
      says: 'Marketo does not tell by its API which webhooks there are.',
      advice: `Look under Admin → Webhooks whether one calls ${address}, and whether a trigger campaign calls that webhook.`,
    };
  },
};

const PROBES = [
  ['Read-Only Person', '/v1/leads/describe2.json', {}],
  ['Read-Only Company', '/v1/companies/describe.json', {}],
  ['Read-Only Activity', '/v1/activities/types.json', {}],
  ['Read-Only Static List', '/v1/lists.json', { batchSize: 1 }],
] as const;

async function isAllowed(context: MarketoContext, path: string, query: Record<string, number>) {
  try {
    await ask(context, path, query);
    return true;
  } catch (error) {
    if (isHubError(error) && error.code === 'marketo_access_denied') return false;
    throw error;
  }
}

/** From here on somebody should look who uses the quota up. */
const WORRY_SHARE = 0.8;

function finding(used: number, daily: number): Finding {
  const says = `The instance has made ${used} of ${daily} calls today.`;
  if (used < daily * WORRY_SHARE) return { state: 'ok', says };
  const advice =
    'Look under Admin → Web Services which user makes the calls; every integration shares the quota, which begins anew at midnight US Central.';
  return { state: used < daily ? 'warning' : 'failure', says, advice };
}

const Usage = z.object({ result: z.array(z.object({ total: z.number() })).default([]) });
