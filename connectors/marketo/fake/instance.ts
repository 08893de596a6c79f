import type { FakeOptions, FakeWrite } from '#connectors/kit/fake.ts';

export interface FakeMarketoOptions extends FakeOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What the webhook flow step sends as `x-hub-token`. */
  readonly webhookToken?: string;
  /** Static lists that exist, by id. */
  readonly lists?: readonly number[];
  /** Campaigns that can be requested, by id. */
  readonly campaigns?: readonly number[];
  /** How long an upsert leaves between looking and writing: what makes concurrent ones collide. */
  readonly upsertGapMs?: number;
  /** Calls allowed in 20 s of the fake's own time; no limit by default. */
  readonly callsIn20s?: number;
}

export type FakeLead = { readonly id: number } & Record<string, unknown>;

/** What the fake's routes share: the instance's state. */
export interface FakeInstance {
  readonly options: FakeMarketoOptions;
  readonly tokens: Tokens;
  readonly leads: Map<number, FakeLead>;
  /** Ids by address, in small letters. */
  readonly byEmail: Map<string, Set<number>>;
  readonly lists: Map<number, Set<number>>;
  readonly activities: FakeActivity[];
  /** Reasons by e-mail address for which a lead is skipped. */
  readonly skipped: Map<string, string>;
  readonly refusals: string[];
  /** Codes with which the next upserts are refused after their wait. */
  readonly lateRefusals: string[];
  readonly calls: number[];
  write(verb: string, target: string, detail: FakeWrite['detail'], key?: string): void;
}

export interface FakeActivity {
  readonly id: number;
  readonly leadId: number;
  readonly activityTypeId: number;
  readonly activityDate: string;
  readonly primaryAttributeValue: string;
  readonly attributes: readonly unknown[];
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
