import {
  type FakeActivity,
  type FakeInstance,
  type FakeLead,
  type FakeMarketoOptions,
  logRow,
} from './instance.ts';
import { deleteLead, keepLead, mergeInto } from './store.ts';

/** What people, campaigns and troubles do to an instance. */
export interface Actors {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  addLead(fields: Record<string, unknown>): FakeLead;
  /** Somebody changes a lead in Marketo's own pages. */
  changeLead(id: number, fields: Record<string, unknown>): void;
  deleteLead(id: number): void;
  mergeLeads(winner: number, losers: readonly number[]): void;
  /** A row of the log: a mail that was opened, a page that was visited. */
  logActivity(
    leadId: number,
    activityTypeId: number,
    more?: Partial<Pick<FakeActivity, 'primaryAttributeValue' | 'attributes' | 'activityDate'>>,
  ): FakeActivity;
  /** Every token dies and is refused as expired (602) or unknown (601). */
  endTokens(how: 'expired' | 'unknown'): void;
  /** The next calls are answered with these response-level error codes, one each. */
  refuseNext(...codes: string[]): void;
  /** The same for the next upserts, but only after their wait. */
  refuseLate(...codes: string[]): void;
  /** Upserts of an address are skipped for a reason on the record level; none lifts it. */
  skip(email: string, code: string | undefined): void;
  /** What a person does whom a trigger campaign with a webhook flow step listens to. */
  callWebhook(
    leadId: number,
    call: { event: string; eventKey?: string; [field: string]: unknown },
  ): void;
  /** News that was held back comes after all. */
  catchUp(): void;
  /** The data stream pushes rows of the log. */
  pushStream(rows: readonly FakeActivity[], bearer: string): void;
}

const BY_PERSON = 'Web form fillout';

export function actors(instance: FakeInstance): Actors {
  const { options, tokens, skipped } = instance;
  return {
    connectionTo: (url) => ({
      credentials: {
        clientId: options.clientId ?? 'client',
        clientSecret: options.clientSecret ?? 'secret',
        webhookToken: webhookToken(options),
      },
      settings: { identityUrl: `${url}/identity`, restUrl: `${url}/rest` },
    }),
    addLead: (fields) => keepLead(instance, undefined, fields, BY_PERSON).lead,
    changeLead: (id, fields) => void keepLead(instance, id, fields, BY_PERSON),
    deleteLead: (id) => deleteLead(instance, id),
    mergeLeads: (winner, losers) => mergeInto(instance, winner, losers),
    logActivity: (leadId, activityTypeId, more = {}) =>
      logRow(instance, { leadId, activityTypeId, ...more }),
    endTokens(how) {
      if (tokens.current !== undefined) tokens.ended.set(tokens.current.token, how);
      tokens.current = undefined;
    },
    refuseNext: (...codes) => void instance.refusals.push(...codes),
    refuseLate: (...codes) => void instance.lateRefusals.push(...codes),
    skip(email, code) {
      if (code === undefined) skipped.delete(email);
      else skipped.set(email, code);
    },
    callWebhook: (leadId, call) => callWebhook(instance, leadId, call),
    catchUp: () => instance.news.catchUp(),
    pushStream: (rows, bearer) =>
      instance.news.tell({
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify(rows),
      }),
  };
}

function callWebhook(
  { leads, options, news }: FakeInstance,
  leadId: number,
  { event, eventKey, ...fields }: { event: string; eventKey?: string; [field: string]: unknown },
): void {
  const lead = leads.get(leadId);
  news.tell({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-token': webhookToken(options),
      'x-hub-event': event,
      ...(eventKey === undefined ? {} : { 'x-mkto-event': eventKey }),
    },
    body: JSON.stringify({
      leadId,
      email: lead?.['email'] ?? null,
      score: lead?.['leadScore'] ?? null,
      status: lead?.['leadStatus'] ?? null,
      program: null,
      campaign: null,
      at: options.now().toISOString(),
      ...fields,
    }),
  });
}

function webhookToken(options: FakeMarketoOptions): string {
  return options.webhookToken ?? 'marketo-webhook-token';
}
