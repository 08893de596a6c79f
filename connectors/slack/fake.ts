import { Hono } from 'hono';
import { type Fake, outage } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';
import { methodRoutes } from './fake/methods.ts';
import {
  addChannel,
  botToken,
  type Element,
  type FakeChannel,
  type FakeMember,
  type FakeMessage,
  type FakeSlackOptions,
  signingSecret,
  teamId,
  type Workspace,
} from './fake/workspace.ts';
import { signSlackV0 } from './signature.ts';

export type { FakeSlackOptions } from './fake/workspace.ts';

export interface FakeSlack extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  addMember(email: string, name?: string): FakeMember;
  addChannel(name: string, state?: Partial<Pick<FakeChannel, 'archived' | 'joined'>>): string;
  readonly messages: readonly FakeMessage[];
  /** The messages that name a hand-off in their buttons or their metadata, the oldest first. */
  messagesAbout(handoffId: string): readonly FakeMessage[];
  /** What a member does: `false`, and no request, when the message has no such button any more. */
  clickButton(
    channel: string,
    ts: string,
    userId: string,
    action: 'accept' | 'snooze' | 'reject',
    reason?: string,
  ): boolean;
  /** The next calls of a method are answered 429 with Retry-After. */
  limitNext(method: string, calls?: number, seconds?: number): void;
  /** The next call of a method does its work, and its answer is lost. */
  loseNextAnswer(method: string): void;
}

/** A workspace with members, channels and messages, whose members press buttons. */
export function fakeSlack(options: FakeSlackOptions): FakeSlack {
  const workspace: Workspace = {
    options,
    channels: new Map(),
    members: new Map(),
    messages: [],
    writes: [],
    limited: new Map(),
    lost: new Set(),
    answers: new Map(),
    news: openNews(options),
  };
  for (const name of options.channels ?? ['leads']) addChannel(workspace, name);
  const app = new Hono();
  const fake: FakeSlack = {
    app,
    outageUntil: undefined,
    writes: workspace.writes,
    messages: workspace.messages,
    ...actors(workspace),
  };
  app.use(outage(fake, options.now));
  methodRoutes(app, workspace);
  return fake;
}

function actors(workspace: Workspace) {
  const { options, members, messages, limited, lost } = workspace;
  return {
    connectionTo: (url: string) => ({
      credentials: { botToken: botToken(options), signingSecret: signingSecret(options) },
      settings: { baseUrl: `${url}/api`, teamId: teamId(options) },
    }),
    addMember(email: string, name = email.split('@')[0] ?? email): FakeMember {
      const member = { id: `U${String(members.size + 1).padStart(4, '0')}`, email, name };
      members.set(member.id, member);
      return member;
    },
    addChannel(name: string, state: Partial<Pick<FakeChannel, 'archived' | 'joined'>> = {}) {
      return Object.assign(addChannel(workspace, name), state).id;
    },
    messagesAbout: (handoffId: string) =>
      messages.filter((one) => one.metadata?.event_payload['handoff_id'] === handoffId),
    clickButton: (
      channel: string,
      ts: string,
      userId: string,
      action: 'accept' | 'snooze' | 'reject',
      reason?: string,
    ) => {
      // What people press is among the newest.
      const message = messages.findLast((one) => one.channel === channel && one.ts === ts);
      const click = message && clickOn(message, `baton_${action}`, reason);
      if (message === undefined || click === undefined) return false;
      send(workspace, message, userId, click);
      return true;
    },
    limitNext(method: string, calls = 1, seconds = 30) {
      limited.set(method, { left: calls, seconds });
    },
    loseNextAnswer(method: string) {
      lost.add(method);
    },
  };
}

function clickOn({ blocks }: FakeMessage, actionId: string, reason: string | undefined) {
  for (const { block_id, elements = [] } of blocks) {
    const element = elements.find((one) => one.action_id === actionId);
    if (element !== undefined) return { block_id, ...pressed(element, reason) };
  }
  return undefined;
}

function pressed(element: Element, reason: string | undefined) {
  const { type, action_id, value } = element;
  if (type !== 'static_select') return { type, action_id, value };
  const option = element.options?.find((one) => reason === undefined || one.value === reason);
  if (option === undefined) throw new Error(`The message offers no reason '${reason}'.`);
  return { type, action_id, selected_option: option };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function send(
  { options, members, news }: Workspace,
  message: FakeMessage,
  userId: string,
  click: object,
): void {
  const now = options.now().getTime();
  const seconds = String(Math.floor(now / 1000));
  const team = teamId(options);
  const payload = {
    type: 'block_actions',
    team: { id: team, domain: 'acme' },
    user: { id: userId, name: members.get(userId)?.name ?? userId, team_id: team },
    api_app_id: 'A1',
    token: 'deprecated',
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel },
    channel: { id: message.channel },
    message: { type: 'message', ts: message.ts, text: message.text },
    actions: [{ ...click, action_ts: (now / 1000).toFixed(6) }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  news.tell({
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': seconds,
      'x-slack-signature': signSlackV0(body, signingSecret(options), seconds),
    },
    body,
  });
}
