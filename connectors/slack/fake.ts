import { Hono } from 'hono';
import { type Fake, outage } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';
import { clickOn, sendClick } from './fake/interactions.ts';
import { methodRoutes } from './fake/methods.ts';
import {
  addChannel,
  botToken,
  type FakeChannel,
  type FakeForm,
  type FakeMember,
  type FakeMessage,
  type FakeSlackOptions,
  type FakeView,
  type SlackButton,
  signingSecret,
  teamId,
  type Workspace,
} from './fake/workspace.ts';

export type { FakeSlackOptions } from './fake/workspace.ts';

export interface FakeSlack extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  addMember(email: string, name?: string): FakeMember;
  addChannel(name: string, state?: Partial<Pick<FakeChannel, 'archived' | 'joined'>>): string;
  readonly messages: readonly FakeMessage[];
  /** The forms that were opened, the oldest first. */
  readonly views: readonly FakeView[];
  /** The messages that name a hand-off in their buttons or their metadata, the oldest first. */
  messagesAbout(handoffId: string): readonly FakeMessage[];
  /**
   * What a member does: `false`, and no request, when the message has no such button any more.
   * `choice` is the reason, or the pause; a form that opens is sent at once, filled in as `form`
   * says, or left alone where it says `cancel`.
   */
  clickButton(
    channel: string,
    ts: string,
    userId: string,
    action: SlackButton,
    choice?: string,
    form?: FakeForm,
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
    triggers: new Map(),
    views: [],
    news: openNews(options),
  };
  for (const name of options.channels ?? ['leads']) addChannel(workspace, name);
  const app = new Hono();
  const fake: FakeSlack = {
    app,
    outageUntil: undefined,
    writes: workspace.writes,
    messages: workspace.messages,
    views: workspace.views,
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
      action: SlackButton,
      choice?: string,
      form: FakeForm = {},
    ) => {
      // What people press is among the newest.
      const message = messages.findLast((one) => one.channel === channel && one.ts === ts);
      const click = message && clickOn(message, `baton_${action}`, choice);
      if (message === undefined || click === undefined) return false;
      sendClick(workspace, message, userId, { click, form });
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
