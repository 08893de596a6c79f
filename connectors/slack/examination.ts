import * as z from 'zod';
import type { Examination, Finding } from '#connectors/kit/examination.ts';
import type { SlackContext, SlackCredentials, SlackSettings } from './credentials.ts';

/** What the operations need, in the words of the app's page "OAuth & Permissions". */
const SCOPES = [
  'chat:write',
  'users:read',
  'users:read.email',
  'im:write',
  'channels:read',
  'channels:history',
];

export const examination: Examination<SlackCredentials, SlackSettings> = {
  signsTime: true,

  /** https://docs.slack.dev/reference/methods/auth.test */
  async credentials(context) {
    const { team_id, team, user } = (await testAuth(context)).who;
    const place = `${team ?? 'a workspace'} (${team_id})`;
    if (team_id === context.settings.teamId) {
      return { state: 'ok', says: `Slack knows the hub as ${user ?? 'a bot'} in ${place}.` };
    }
    return {
      state: 'failure',
      says: `The bot token is for ${place}, and the connection's setting teamId names another.`,
      advice: `Set teamId to ${team_id}, or store the token of the other workspace.`,
    };
  },

  async scopes(context) {
    const { granted } = await testAuth(context);
    if (granted === undefined) {
      return { state: 'unknown', says: 'Slack did not say which scopes the bot token has.' };
    }
    return scopeFinding(SCOPES.filter((scope) => !granted.includes(scope)));
  },

  async webhooks(_context, address) {
    return {
      state: 'unknown',
      says: 'Slack does not tell by its API where it sends clicks.',
      advice: `Look at the app's page "Interactivity & Shortcuts": its request URL should be ${address}.`,
    };
  },
};

function scopeFinding(missing: readonly string[]): Finding {
  if (missing.length === 0) return { state: 'ok', says: 'The bot token has all scopes it needs.' };
  return {
    state: 'failure',
    says: `The bot token lacks ${missing.join(', ')}.`,
    advice: 'Add them to the app under "OAuth & Permissions" and install it again.',
  };
}

async function testAuth({ http }: SlackContext) {
  const { data, headers } = await http.post('/auth.test', {});
  const said = z.string().safeParse(headers['x-oauth-scopes']).data;
  return { who: Who.parse(data), granted: said?.split(',').map((scope) => scope.trim()) };
}

const Who = z.object({
  team_id: z.string(),
  team: z.string().optional(),
  user: z.string().optional(),
});
