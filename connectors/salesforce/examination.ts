import * as z from 'zod';
import type { Examination, Finding } from '#connectors/kit/examination.ts';
import { isHubError } from '#core/errors.ts';
import type {
  SalesforceContext,
  SalesforceCredentials,
  SalesforceSettings,
} from './credentials.ts';
import { describeObjects } from './mapping.ts';
import { sameId } from './records.ts';

export const salesforceExamination: Examination<SalesforceCredentials, SalesforceSettings> = {
  signsTime: true,
  credentials: examineLogin,
  scopes: examineRights,
  limits: examineLimits,
  webhooks: examineChannel,
};

const UserInfo = z.object({ user_id: z.string(), organization_id: z.string() });

/** https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm */
async function examineLogin(context: SalesforceContext): Promise<Finding> {
  const { settings } = context;
  const { data } = await context.http.get(`${settings.instanceUrl}/services/oauth2/userinfo`);
  const user = UserInfo.parse(data);
  if (!sameId(user.organization_id, settings.organizationId)) {
    return {
      state: 'failure',
      says: `The login leads to organisation ${user.organization_id}, the settings name ${settings.organizationId}.`,
      advice: "Correct 'organizationId' or 'instanceUrl'.",
    };
  }
  if (!sameId(user.user_id, settings.integrationUserId)) {
    return {
      state: 'warning',
      says: `The hub runs as user ${user.user_id}, which the settings do not name.`,
      advice: `Set 'integrationUserId' to ${user.user_id}, or the hub takes its own writes for news.`,
    };
  }
  return { state: 'ok', says: `The hub runs as user ${user.user_id} of the right organisation.` };
}

/** What the hub does to each object, in the words of a description. */
const NEEDED: Readonly<Record<string, readonly ('createable' | 'updateable' | 'queryable')[]>> = {
  Lead: ['queryable', 'createable', 'updateable'],
  Contact: ['queryable', 'updateable'],
  Task: ['queryable', 'createable', 'updateable'],
  Opportunity: ['queryable'],
};

async function examineRights(context: SalesforceContext): Promise<Finding> {
  const described = await describeObjects(context);
  const missing = Object.entries(NEEDED).flatMap(([object, rights]) => {
    const seen = described.get(object);
    return rights.filter((right) => seen?.[right] !== true).map((right) => `${object} ${right}`);
  });
  if (missing.length === 0) {
    return { state: 'ok', says: 'The user of the hub may read and write all that it needs.' };
  }
  return {
    state: 'failure',
    says: `The user of the hub lacks rights: ${missing.join(', ')}.`,
    advice: 'Extend its permission set.',
  };
}

const Usage = z.object({
  DailyApiRequests: z.object({ Max: z.number(), Remaining: z.number() }),
});

/** Below this share of the day's calls somebody should look who uses them. */
const SCARCE = 0.1;

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm */
async function examineLimits(context: SalesforceContext): Promise<Finding> {
  const { data } = await context.http.get('/limits');
  const { Max: most, Remaining: left } = Usage.parse(data).DailyApiRequests;
  const says = `${left} of ${most} calls of the last 24 hours are left to the organisation.`;
  if (left === 0) {
    return { state: 'failure', says, advice: 'Buy calls, or find who uses them up.' };
  }
  if (left < most * SCARCE) {
    return { state: 'warning', says, advice: 'Find who uses them, before the hub has to wait.' };
  }
  if (context.settings.dailyCalls > most) {
    const advice = `Set 'dailyCalls' to a part of ${most}.`;
    return { state: 'warning', says: `${says} The hub allows itself more than that.`, advice };
  }
  return { state: 'ok', says };
}

const Members = z.object({ records: z.array(z.object({ SelectedEntity: z.string() })) });

const FOLLOWED = [
  'LeadChangeEvent',
  'ContactChangeEvent',
  'TaskChangeEvent',
  'OpportunityChangeEvent',
  'OpportunityContactRoleChangeEvent',
];

/**
 * Which changes are sent over a channel. Where they go from there is a matter of the cloud, and
 * outbound messages are not to be asked for: streams find what neither brings.
 */
async function examineChannel(context: SalesforceContext): Promise<Finding> {
  try {
    const { data } = await context.http.get('/tooling/query', {
      params: { q: 'SELECT SelectedEntity FROM PlatformEventChannelMember' },
    });
    const sent = Members.parse(data).records.map(({ SelectedEntity }) => SelectedEntity);
    const missing = FOLLOWED.filter((name) => !sent.includes(name));
    if (missing.length === 0) return { state: 'ok', says: 'A channel carries every change.' };
    return {
      state: 'warning',
      says: `No channel carries ${missing.join(', ')}.`,
      advice: 'Add them to the channel of the event relay, or send outbound messages.',
    };
  } catch (error) {
    if (!isHubError(error, 'config', 'data')) throw error;
    return {
      state: 'unknown',
      says: 'The user of the hub may not see the channels of changes.',
      advice: "Give it 'View Setup and Configuration', or look at the channel by hand.",
    };
  }
}
