import * as z from 'zod';
import type { Examination, Finding } from '#connectors/kit/examination.ts';
import { isHubError } from '#core/errors.ts';
import type { HubspotContext, HubspotCredentials } from './credentials.ts';
import { pathOf } from './paths.ts';
import type { HubspotSettings } from './settings.ts';
import { missingSubscriptions, Subscriptions } from './subscriptions.ts';

const Account = z.object({
  portalId: z.number(),
  timeZone: z.string().optional(),
  accountType: z.string().optional(),
});

const Usage = z.object({
  results: z.array(
    z.object({ currentUsage: z.number(), usageLimit: z.number(), resetsAt: z.string().nullish() }),
  ),
});

const Target = z.object({ targetUrl: z.string() });

/** Less than this share of the day left is worth a word. */
const LITTLE_LEFT = 0.2;

export const hubspotExamination: Examination<HubspotCredentials, HubspotSettings> = {
  signsTime: true,

  async credentials(context) {
    const { settings } = context;
    const { data } = await context.http.get(`${pathOf(settings, 'account')}/details`);
    const account = Account.parse(data);
    if (account.portalId !== settings.portalId) {
      return {
        state: 'failure',
        says: `The token is for portal ${account.portalId}, the settings say ${settings.portalId}.`,
        advice: "Correct 'portalId', or put the token of that portal into the credentials.",
      };
    }
    const zone = account.timeZone;
    if (zone !== undefined && zone !== settings.timeZone) {
      return {
        state: 'warning',
        says: `The token is for portal ${account.portalId}, whose day ends at midnight in ${zone}, not in ${settings.timeZone}.`,
        advice: `Set 'timeZone' to '${zone}', so that the hub knows when the daily limit ends.`,
      };
    }
    return { state: 'ok', says: `HubSpot takes the token, it is for portal ${account.portalId}.` };
  },

  async scopes(context) {
    const missing: string[] = [];
    for (const [what, path] of readsOf(context.settings)) {
      try {
        await context.http.get(path, { params: { limit: 1 } });
      } catch (error) {
        if (!isHubError(error, 'config') || error.code !== 'hubspot_permission_missing')
          throw error;
        missing.push(what);
      }
    }
    if (missing.length === 0)
      return {
        state: 'ok',
        says: 'The token may read all that the hub reads; what it may write shows with the first write.',
      };
    return {
      state: 'failure',
      says: `The token may not read ${missing.join(', ')}.`,
      advice: 'Add the scopes for these to the app and install it again.',
    };
  },

  async limits(context) {
    const answer = await asked(
      context,
      `${pathOf(context.settings, 'account')}/api-usage/daily/private-apps`,
    );
    const usage = Usage.safeParse(answer).data?.results[0];
    if (usage === undefined)
      return {
        state: 'unknown',
        says: 'HubSpot tells nothing of a daily limit to this kind of app.',
      };
    const left = usage.usageLimit - usage.currentUsage;
    const says = `${left} of ${usage.usageLimit} calls are left today.`;
    if (left > usage.usageLimit * LITTLE_LEFT) return { state: 'ok', says };
    return {
      state: 'warning',
      says,
      advice: "See which apps use the account up, or lower 'limits.share' of this connection.",
    };
  },

  async webhooks(context, address) {
    const { settings } = context;
    const base = `${pathOf(settings, 'webhooks')}/${settings.appId}`;
    const target = Target.safeParse(await asked(context, `${base}/settings`)).data?.targetUrl;
    if (target === undefined) return askPerson(context, address);
    const wanted = settings.publicUrl ?? address;
    if (target !== wanted) {
      return {
        state: 'failure',
        says: `HubSpot sends its news to ${target}, not to ${wanted}.`,
        advice: `Set the app's target URL to ${wanted}, or 'publicUrl' to the one that HubSpot has.`,
      };
    }
    const answer = Subscriptions.safeParse(await asked(context, `${base}/subscriptions`));
    const missing = answer.success ? missingSubscriptions(answer.data.results) : [];
    if (missing.length === 0) return { state: 'ok', says: `HubSpot sends its news to ${target}.` };
    return {
      state: 'warning',
      says: `HubSpot sends its news to ${target}, but not these: ${missing.join(', ')}.`,
      advice: 'Subscribe the app to them.',
    };
  },
};

/** Settings of webhooks are for developers' tokens: the token of a private app sees none. */
function askPerson({ credentials }: HubspotContext, address: string): Finding {
  if (credentials.clientSecret === undefined) {
    return {
      state: 'failure',
      says: 'There is no client secret in the credentials, so that nothing HubSpot sends is believed.',
      advice:
        'A service key has no webhooks: make an app for them, and put its client secret into the credentials.',
    };
  }
  return {
    state: 'unknown',
    says: 'HubSpot does not show the webhooks of the app to this token.',
    advice: `Look in HubSpot whether the app's target URL is ${address} and its subscriptions are active.`,
  };
}

/** What an address answers; nothing where the token may not ask, or nobody is there to answer. */
async function asked(context: HubspotContext, path: string): Promise<unknown> {
  try {
    return (await context.http.get(path)).data;
  } catch (error) {
    if (isHubError(error, 'config', 'data', 'auth')) return undefined;
    throw error;
  }
}

function readsOf(settings: HubspotSettings): readonly (readonly [string, string])[] {
  const objects = pathOf(settings, 'objects');
  return [
    ['contacts', `${objects}/contacts`],
    ['deals', `${objects}/deals`],
    ['tasks', `${objects}/tasks`],
    ['notes', `${objects}/notes`],
    ['owners', pathOf(settings, 'owners')],
    ['pipelines', `${pathOf(settings, 'pipelines')}/deals`],
    ['properties', `${pathOf(settings, 'properties')}/contacts`],
  ];
}
