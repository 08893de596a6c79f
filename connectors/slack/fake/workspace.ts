import type { FakeOptions, FakeWrite } from '#connectors/kit/fake.ts';
import type { News } from '#connectors/kit/news.ts';

export interface FakeSlackOptions extends FakeOptions {
  readonly botToken?: string;
  readonly signingSecret?: string;
  readonly teamId?: string;
  /** What the bot token may do; all that the hub needs by default. */
  readonly scopes?: readonly string[];
  /** Names of channels, without `#`. */
  readonly channels?: readonly string[];
}

export interface FakeMember {
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

export interface FakeMessage {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: readonly Block[];
  readonly metadata?: { event_type: string; event_payload: Record<string, unknown> } | undefined;
}

export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly Element[];
}

export interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly text?: { readonly text: string };
  readonly value?: string;
  readonly options?: readonly { readonly text: { text: string }; readonly value: string }[];
}

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  /** A direct-message channel has one. */
  readonly member?: string;
  archived: boolean;
  joined: boolean;
}

export type SlackButton = 'accept' | 'snooze' | 'pause' | 'reject' | 'veto';

/** How somebody fills in a form that opens; or they close it. */
export interface FakeForm {
  /** Such as `2027-03-01`. */
  readonly date?: string;
  readonly note?: string;
  readonly cancel?: true;
}

export interface FakeView {
  readonly id: string;
  readonly user: string;
  readonly view: Readonly<Record<string, unknown>>;
}

/** What the fake's methods share: the state of one workspace. */
export interface Workspace {
  readonly options: FakeSlackOptions;
  readonly channels: Map<string, FakeChannel>;
  readonly members: Map<string, FakeMember>;
  readonly messages: FakeMessage[];
  readonly writes: FakeWrite[];
  /** Per method: how many of the next calls are limited, and for how many seconds. */
  readonly limited: Map<string, { left: number; seconds: number }>;
  /** Methods whose next answer is lost after the work is done. */
  readonly lost: Set<string>;
  /** How often each click was answered, by channel and message. */
  readonly answers: Map<string, number>;
  /** Clicks for which a form may be opened, and how it will be filled in; none once it was. */
  readonly triggers: Map<string, { user: string; form: FakeForm; used: boolean }>;
  readonly views: FakeView[];
  readonly news: News;
}

export const botToken = (options: FakeSlackOptions): string => options.botToken ?? 'xoxb-fake';

export const signingSecret = (options: FakeSlackOptions): string =>
  options.signingSecret ?? 'slack-signing-secret';

const ALL_SCOPES = 'chat:write,users:read,users:read.email,im:write,channels:read,channels:history';

export const scopes = (options: FakeSlackOptions): readonly string[] =>
  options.scopes ?? ALL_SCOPES.split(',');

export const teamId = (options: FakeSlackOptions): string => options.teamId ?? 'T1';

export function addChannel(workspace: Workspace, name: string, member?: string): FakeChannel {
  const letter = member === undefined ? 'C' : 'D';
  const id = `${letter}${String(workspace.channels.size + 1).padStart(4, '0')}`;
  const channel: FakeChannel = {
    id,
    name,
    ...(member === undefined ? {} : { member }),
    archived: false,
    joined: true,
  };
  workspace.channels.set(id, channel);
  return channel;
}

/** The direct messages with a member, opened once. */
export function directChannel(workspace: Workspace, member: string): FakeChannel {
  const open = [...workspace.channels.values()].find((one) => one.member === member);
  return open ?? addChannel(workspace, workspace.members.get(member)?.email ?? member, member);
}

/** Slack takes an id, a name with or without `#`, and a member's id for direct messages. */
export function findChannel(workspace: Workspace, channel: string): FakeChannel | undefined {
  const byId = workspace.channels.get(channel);
  if (byId !== undefined) return byId;
  if (workspace.members.has(channel)) return directChannel(workspace, channel);
  const name = channel.replace(/^#/, '');
  return [...workspace.channels.values()].find(
    (one) => one.member === undefined && one.name === name,
  );
}

/** How a write names its channel: `#leads`, or the address of a person. */
export const label = ({ name, member }: FakeChannel): string =>
  member === undefined ? `#${name}` : name;
