import type { FakeOptions, FakeWrite } from '#connectors/kit/fake.ts';
import type { News } from '#connectors/kit/news.ts';

export interface FakeMarketoOptions extends FakeOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What the webhook flow step sends as `x-hub-token`. */
  readonly webhookToken?: string;
  /** Static lists that exist, by id. */
  readonly lists?: readonly number[];
  /** Campaigns that can be requested, by id. */
  readonly campaigns?: readonly number[];
  /** Programs by id, each with the statuses of its channel. */
  readonly programs?: Readonly<Record<number, readonly string[]>>;
  /** External ids of salespeople. */
  readonly salespeople?: readonly string[];
  /** Whether a native CRM sync owns owners and companies. */
  readonly crmSync?: boolean;
  /** Leads whose fields nobody but a person may set: written, and not kept. */
  readonly ignoredFields?: readonly string[];
  /** How long an upsert leaves between looking and writing: what makes concurrent ones collide. */
  readonly upsertGapMs?: number;
  /** Calls allowed in 20 s of the fake's own time; no limit by default. */
  readonly callsIn20s?: number;
  /** Calls allowed at once; no limit by default. */
  readonly concurrent?: number;
  /** Calls allowed between two midnights US Central; no limit by default. */
  readonly daily?: number;
}

export type FakeLead = { readonly id: number } & Record<string, unknown>;

/** What the fake's routes share: the instance's state. */
export interface FakeInstance {
  readonly options: FakeMarketoOptions;
  readonly news: News;
  readonly tokens: Tokens;
  readonly leads: Map<number, FakeLead>;
  /** Ids by address, in small letters. */
  readonly byEmail: Map<string, Set<number>>;
  readonly stamps: Map<number, { readonly createdAt: string; updatedAt: string }>;
  readonly companies: Map<string, Readonly<Record<string, unknown>>>;
  readonly lists: Map<number, Set<number>>;
  /** Program members: statuses by lead, by program. */
  readonly members: Map<number, Map<number, string>>;
  readonly log: FakeActivity[];
  /** Reasons by e-mail address for which a lead is skipped. */
  readonly skipped: Map<string, string>;
  /** Fields that are not there any more. */
  readonly drifted: Set<string>;
  readonly refusals: string[];
  /** Codes with which the next upserts are refused after their wait. */
  readonly lateRefusals: string[];
  readonly calls: number[];
  readonly day: { on: string; calls: number };
  underWay: number;
  lastLead: number;
  write(verb: string, target: string, detail: FakeWrite['detail'], key?: string): void;
}

export interface FakeActivity {
  readonly id: number;
  readonly marketoGUID: string;
  readonly leadId: number;
  readonly activityTypeId: number;
  readonly activityDate: string;
  readonly primaryAttributeValue?: string | undefined;
  readonly attributes: readonly object[];
  /** Of changed values: 12 and 13. */
  readonly fields?: readonly object[] | undefined;
}

export interface Tokens {
  issued: number;
  /** How often a token was asked for; asking early gets the same one. */
  asked: number;
  current: { readonly token: string; readonly expiresAt: number } | undefined;
  /** Tokens that died before their time. */
  readonly ended: Map<string, 'expired' | 'unknown'>;
}

/** An error on the response level. */
export function refusal(code: string, message: string) {
  return { requestId: 'fake#1', success: false, errors: [{ code, message }] };
}

/** An answer that went through, whatever happened to single records. */
export function answer(result: readonly unknown[], more: object = {}) {
  return { requestId: 'fake#1', success: true, result, ...more };
}

/** A record of an answer that was left out. */
export const skipped = (code: string) => ({
  status: 'skipped',
  reasons: [{ code, message: 'as documented' }],
});

/** Marketo tells times to the second. */
export const stampOf = (now: Date): string => now.toISOString().replace(/\.\d+/, '');

/** Writes a row into the activity log. */
export function logRow(
  { log, options }: FakeInstance,
  row: Omit<FakeActivity, 'id' | 'marketoGUID' | 'activityDate' | 'attributes'> &
    Partial<Pick<FakeActivity, 'activityDate' | 'attributes'>>,
): FakeActivity {
  const id = log.length + 1;
  const written: FakeActivity = {
    activityDate: stampOf(options.now()),
    attributes: [],
    ...row,
    id,
    marketoGUID: String(id),
  };
  log.push(written);
  return written;
}
