import * as z from 'zod';
import { HubError, isHubError } from '#core/errors.ts';
import type { SlackContext, SlackSettings } from './credentials.ts';

interface Entry {
  readonly value: string;
  readonly until: number;
}

/** What was looked up, per open connection: lives and ends with its settings. */
const looked = new WeakMap<SlackSettings, Map<string, Entry>>();

/** People change their address and leave; a day of the old one is soon enough to notice. */
const KEPT_MS = 24 * 3_600_000;

async function remembered(
  { settings, now }: SlackContext,
  key: string,
  look: () => Promise<string>,
): Promise<string> {
  const entries = looked.get(settings) ?? new Map<string, Entry>();
  looked.set(settings, entries);
  const known = entries.get(key);
  if (known !== undefined && now.getTime() < known.until) return known.value;
  const value = await look();
  entries.set(key, { value, until: now.getTime() + KEPT_MS });
  return value;
}

/** The channel to post to: names and ids as they are, a person's direct messages for an e-mail address. */
export async function channelToPost(context: SlackContext, to: string): Promise<string> {
  return to.includes('@') && !to.startsWith('#') ? directMessages(context, to) : to;
}

/** The same as an id: reading a channel's history takes no names. */
export async function channelToRead(context: SlackContext, to: string): Promise<string> {
  const channel = await channelToPost(context, to);
  const isId = /^[CDG][A-Z0-9]{2,}$/.test(channel);
  return isId ? channel : remembered(context, `channel ${channel}`, () => byName(context, channel));
}

async function directMessages(context: SlackContext, email: string): Promise<string> {
  return remembered(context, `dm ${email.toLowerCase()}`, async () => {
    /** https://docs.slack.dev/reference/methods/users.lookupByEmail */
    const found = await context.http.get('/users.lookupByEmail', { params: { email } });
    const { id } = Found.parse(found.data).user;
    /** https://docs.slack.dev/reference/methods/conversations.open */
    const opened = await context.http.post('/conversations.open', { users: id });
    return Opened.parse(opened.data).channel.id;
  });
}

/** https://docs.slack.dev/reference/methods/conversations.list */
async function byName({ http }: SlackContext, channel: string): Promise<string> {
  const name = channel.replace(/^#/, '');
  let cursor = '';
  do {
    const { data } = await http.get('/conversations.list', {
      params: {
        exclude_archived: true,
        limit: 1000,
        types: 'public_channel,private_channel',
        ...(cursor === '' ? {} : { cursor }),
      },
    });
    const { channels, response_metadata } = Channels.parse(data);
    const found = channels.find((one) => one.name === name);
    if (found !== undefined) return found.id;
    cursor = response_metadata?.next_cursor ?? '';
  } while (cursor !== '');
  throw new HubError(
    'config',
    'slack_channel_not_found',
    `Slack shows the app no channel '${channel}': correct it in the playbook, or invite the app.`,
  );
}

/**
 * The e-mail address of a member, where Slack tells. A missing scope is no reason to lose a click:
 * the member's id is enough for whoever is mapped by it.
 */
export async function emailOf(context: SlackContext, userId: string): Promise<string | undefined> {
  try {
    return await remembered(context, `email ${userId}`, async () => {
      /** https://docs.slack.dev/reference/methods/users.info */
      const { data } = await context.http.get('/users.info', { params: { user: userId } });
      return Member.parse(data).user.profile.email;
    });
  } catch (error) {
    if (isHubError(error, 'config', 'data', 'auth') || error instanceof z.ZodError)
      return undefined;
    throw error;
  }
}

const Found = z.object({ user: z.object({ id: z.string() }) });
const Opened = z.object({ channel: z.object({ id: z.string() }) });
const Channels = z.object({
  channels: z.array(z.object({ id: z.string(), name: z.string().optional() })),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});
const Member = z.object({
  user: z.object({ profile: z.object({ email: z.string() }) }),
});
