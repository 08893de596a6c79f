import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { hmac } from '#connectors/kit/signatures.ts';
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
}

const MOST_EVENTS = 100;
const FIRST_EVENT_ID = 3_816_279_001;

/** Numbers, batches and signs events as HubSpot does, and hands them to whoever is subscribed. */
export function hubspotWebhooks(options: WebhookOptions): Webhooks {
  const sent: OutgoingRequest[] = [];
  let nextEventId = FIRST_EVENT_ID;

  const post = (events: readonly FakeEvent[]) => {
    const occurredAt = options.now().getTime();
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
    const timestamp = String(occurredAt);
    const parts = ['POST', options.targetUrl, body, timestamp];
    const request: OutgoingRequest = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-hubspot-request-timestamp': timestamp,
        'x-hubspot-signature-v3': hmac('sha256', options.clientSecret, parts, 'base64'),
      },
      body,
    };
    sent.push(request);
    options.notify?.(request);
  };

  return {
    sent,
    send(events) {
      for (let start = 0; start < events.length; start += MOST_EVENTS) {
        post(events.slice(start, start + MOST_EVENTS));
      }
    },
  };
}
