import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { contentHash, hmac } from '#connectors/kit/signatures.ts';
import type { FakeEvent } from './fake-store.ts';

export interface WebhookOptions extends FakeOptions {
  readonly clientSecret: string;
  readonly portalId: number;
  readonly appId: number;
  readonly targetUrl: string;
}

export interface Webhooks {
  /** Everything that was sent, in order; sending one again is what HubSpot does after a failure. */
  readonly sent: OutgoingRequest[];
  send(events: readonly FakeEvent[]): void;
  /** Sends one record as the webhook action of a workflow does, with the older signature only if asked for. */
  sendRecord(record: object, query?: string, signature?: 'v2' | 'v3'): OutgoingRequest;
}

const MOST_EVENTS = 100;
const FIRST_EVENT_ID = 3_816_279_001;
/** As long as HubSpot tries again in the first hours. */
const LATE_MS = 3 * 60 * 60_000;

interface Held {
  readonly request: OutgoingRequest;
  /** Absent: until the next news has gone out. */
  readonly until?: number;
}

/** Numbers, batches and signs events as HubSpot does, and hands them to whoever is subscribed. */
export function hubspotWebhooks(options: WebhookOptions): Webhooks {
  const { faults, now } = options;
  const sent: OutgoingRequest[] = [];
  let held: Held[] = [];
  let nextEventId = FIRST_EVENT_ID;

  const hand = (request: OutgoingRequest) => {
    sent.push(request);
    options.notify?.(request);
  };
  const post = (events: readonly FakeEvent[]) => {
    const occurredAt = now().getTime();
    const batch = events.map((event) => ({
      eventId: nextEventId++,
      subscriptionId: 1,
      portalId: options.portalId,
      appId: options.appId,
      occurredAt,
      attemptNumber: 0,
      ...event,
    }));
    const body = JSON.stringify(batch);
    const request = signed(options, options.targetUrl, body, occurredAt);
    const due = held.filter(({ until }) => until === undefined || until <= occurredAt);
    held = held.filter((one) => !due.includes(one));
    if (faults?.strikes('late')) held.push({ request, until: occurredAt + LATE_MS });
    else if (faults?.strikes('disorder')) held.push({ request });
    else if (!faults?.strikes('miss')) hand(request);
    if (faults?.strikes('duplicate')) hand(request);
    // What was held is signed anew, as every try of HubSpot is.
    for (const one of due) hand(signed(options, options.targetUrl, one.request.body, occurredAt));
  };

  return {
    sent,
    send(events) {
      for (let start = 0; start < events.length; start += MOST_EVENTS) {
        post(events.slice(start, start + MOST_EVENTS));
      }
    },
    sendRecord(record, query = '', signature = 'v3') {
      const body = JSON.stringify(record);
      const request = signed(options, `${options.targetUrl}${query}`, body, now().getTime());
      const {
        'x-hubspot-signature-v3': _,
        'x-hubspot-request-timestamp': __,
        ...older
      } = request.headers;
      const given = signature === 'v2' ? { ...request, headers: older } : request;
      hand(given);
      return given;
    },
  };
}

/** Version 3 and beside it the older one: of events version 1, of a workflow's record version 2. */
function signed(
  { clientSecret }: WebhookOptions,
  uri: string,
  body: string,
  at: number,
): OutgoingRequest {
  const timestamp = String(at);
  const older = body.startsWith('[') ? 'v1' : 'v2';
  const hashed = older === 'v1' ? body : `POST${uri}${body}`;
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-request-timestamp': timestamp,
      'x-hubspot-signature-v3': hmac(
        'sha256',
        clientSecret,
        ['POST', uri, body, timestamp],
        'base64',
      ),
      'x-hubspot-signature-version': older,
      'x-hubspot-signature': contentHash(`${clientSecret}${hashed}`),
    },
    body,
  };
}
