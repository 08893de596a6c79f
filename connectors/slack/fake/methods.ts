import type { Context, Hono } from 'hono';
import { hangUp } from '#connectors/kit/hang-up.ts';
import { refuseBlocks } from './block-limits.ts';
import { openView } from './interactions.ts';
import {
  botToken,
  directChannel,
  type FakeMessage,
  type FakeView,
  findChannel,
  label,
  scopes,
  teamId,
  type Workspace,
} from './workspace.ts';

type Arguments = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;
type Method = (workspace: Workspace, given: Arguments) => Answer;

const no = (error: string): Answer => ({ ok: false, error });

const METHODS: Readonly<Record<string, Method>> = {
  'auth.test': ({ options }) => ({
    ok: true,
    team: 'Acme',
    team_id: teamId(options),
    user: 'baton',
    user_id: 'UBOT',
  }),

  'users.lookupByEmail': ({ members }, { email }) => {
    const found = [...members.values()].find((one) => one.email === email);
    return found === undefined ? no('users_not_found') : { ok: true, user: user(found) };
  },

  'users.info': ({ members }, given) => {
    const found = members.get(String(given['user']));
    return found === undefined ? no('user_not_found') : { ok: true, user: user(found) };
  },

  'conversations.open': (workspace, { users }) => {
    if (!workspace.members.has(String(users))) return no('user_not_found');
    return { ok: true, channel: { id: directChannel(workspace, String(users)).id } };
  },

  'conversations.list': ({ channels }) => ({
    ok: true,
    channels: [...channels.values()]
      .filter((one) => one.member === undefined && !one.archived)
      .map(({ id, name }) => ({ id, name })),
    response_metadata: { next_cursor: '' },
  }),

  'conversations.history': (workspace, given) => {
    const { channel, oldest = 0, limit = 100, cursor = '0', include_all_metadata } = given;
    if (!workspace.channels.has(String(channel))) return no('channel_not_found');
    const all = workspace.messages
      .filter((one) => one.channel === channel && Number(one.ts) > Number(oldest))
      .toReversed();
    const from = Number(cursor);
    const next = from + Number(limit);
    return {
      ok: true,
      messages: all.slice(from, next).map(({ ts, text, blocks, metadata }) => ({
        type: 'message',
        ts,
        text,
        blocks,
        ...(include_all_metadata === 'true' && metadata !== undefined ? { metadata } : {}),
      })),
      has_more: next < all.length,
      response_metadata: { next_cursor: next < all.length ? String(next) : '' },
    };
  },

  'chat.postMessage': (workspace, given) => {
    const channel = findChannel(workspace, String(given['channel']));
    if (channel === undefined) return no('channel_not_found');
    if (!channel.joined) return no('not_in_channel');
    if (channel.archived) return no('is_archived');
    const content = contentOf(given);
    if (content === undefined) return no('invalid_blocks');
    const message: FakeMessage = {
      ts: nextTs(workspace),
      channel: channel.id,
      ...content,
      metadata: given['metadata'] as FakeMessage['metadata'],
    };
    workspace.messages.push(message);
    const key = message.metadata?.event_payload['key'];
    workspace.writes.push({
      verb: 'message.post',
      target: label(channel),
      ...(typeof key === 'string' ? { key } : {}),
      at: workspace.options.now().toISOString(),
      detail: { channel: channel.id, ts: message.ts, text: message.text },
    });
    return { ok: true, channel: channel.id, ts: message.ts, message: { text: message.text } };
  },

  'views.open': (workspace, { trigger_id, view }) =>
    openView(workspace, String(trigger_id), view as FakeView['view']),

  'chat.update': (workspace, given) => {
    const message = workspace.messages.findLast(
      (one) => one.channel === given['channel'] && one.ts === given['ts'],
    );
    if (message === undefined) return no('message_not_found');
    const content = contentOf(given);
    if (content === undefined) return no('invalid_blocks');
    const { text, blocks } = message;
    if (JSON.stringify({ text, blocks }) !== JSON.stringify(content)) {
      Object.assign(message, content);
      const channel = workspace.channels.get(message.channel);
      workspace.writes.push({
        verb: 'message.update',
        target: channel === undefined ? message.channel : label(channel),
        at: workspace.options.now().toISOString(),
        detail: { channel: message.channel, ts: message.ts, text: message.text },
      });
    }
    return { ok: true, channel: message.channel, ts: message.ts, text: message.text };
  },
};

/** Serves the Web API's methods under `/api`. */
export function methodRoutes(app: Hono, workspace: Workspace): void {
  app.all('/api/:method', async (context) => {
    const name = context.req.param('method');
    const refused = refusal(workspace, name, context);
    if (refused !== undefined) return refused;
    const method = METHODS[name];
    if (method === undefined) return context.json(no('unknown_method'));
    const answer = method(workspace, await argumentsOf(context));
    if (workspace.lost.delete(name)) return context.text('Bad Gateway', 502);
    const { faults } = workspace.options;
    if (context.req.method !== 'GET' && faults?.strikes('lost-answer', name))
      return hangUp(context);
    const granted = scopes(workspace.options).slice(faults?.strikes('scopes', name) ? 1 : 0);
    return context.json(answer, 200, { 'x-oauth-scopes': granted.join(',') });
  });

  // An address for one click: good for five answers, as long as its message is there.
  app.post('/actions/:channel/:ts', async (context) => {
    const { channel, ts } = context.req.param();
    const key = `${channel}/${ts}`;
    const used = workspace.answers.get(key) ?? 0;
    if (used >= MOST_ANSWERS) return context.text('used_url', 404);
    workspace.answers.set(key, used + 1);
    const answer = METHODS['chat.update']?.(workspace, {
      ...(await context.req.json()),
      channel,
      ts,
    });
    return answer?.['ok'] === true ? context.text('ok') : context.text('expired_url', 404);
  });
}

const MOST_ANSWERS = 5;

function refusal(workspace: Workspace, name: string, context: Context): Response | undefined {
  const { faults } = workspace.options;
  const isStruck =
    faults?.strikes('throttle', name) === true || faults?.strikes('quota', name) === true;
  const limited = isStruck ? THROTTLED_SECONDS : rest(workspace, name);
  if (limited !== undefined) {
    return context.json(no('ratelimited'), 429, { 'retry-after': String(limited) });
  }
  if (faults?.strikes('outage', name)) return context.text('Service Unavailable', 503);
  if (faults?.strikes('token', name)) return context.json(no('token_revoked'));
  return context.req.header('authorization') === `Bearer ${botToken(workspace.options)}`
    ? undefined
    : context.json(no('invalid_auth'));
}

const THROTTLED_SECONDS = 30;

function rest({ limited }: Workspace, method: string): number | undefined {
  const entry = limited.get(method);
  if (entry === undefined || entry.left === 0) return undefined;
  entry.left -= 1;
  return entry.seconds;
}

async function argumentsOf(context: Context): Promise<Arguments> {
  return context.req.method === 'GET' ? context.req.query() : await context.req.json();
}

function contentOf(given: Arguments): Pick<FakeMessage, 'text' | 'blocks'> | undefined {
  const blocks = (given['blocks'] ?? []) as FakeMessage['blocks'];
  if (refuseBlocks(blocks)) return undefined;
  return { text: String(given['text'] ?? ''), blocks };
}

/** Slack's timestamps name messages: seconds and a counter. */
function nextTs({ options, messages }: Workspace): string {
  const seconds = Math.floor(options.now().getTime() / 1000);
  return `${seconds}.${String(messages.length + 1).padStart(6, '0')}`;
}

function user({ id, name, email }: { id: string; name: string; email: string }) {
  return { id, name, profile: { email, real_name: name } };
}
