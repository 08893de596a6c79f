import * as z from 'zod';
import type { Delivery, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import type { HubspotCredentials, HubspotSettings } from './credentials.ts';
import { HubspotEvent } from './event.ts';
import { verifyHubspot } from './signature.ts';
import { translateHubspot } from './translate.ts';

/** HubSpot sends at most this many events at once. */
const MOST_EVENTS = 100;

export const hubspotInbound: Inbound<HubspotCredentials, HubspotSettings> = {
  verify(request, { credentials, settings, now }) {
    verifyHubspot(credentials.clientSecret, settings.publicUrl ?? request.url, request, now);
  },

  open(request, { settings }) {
    const events = readBatch(request);
    return events.map((body) => {
      const event = HubspotEvent.safeParse(body);
      if (!event.success) throw unreadable(z.prettifyError(event.error));
      if (event.data.portalId !== settings.portalId) {
        throw new HubError(
          'auth',
          'hubspot_sender_unknown',
          `The events come from portal ${event.data.portalId}, the connection is for ${settings.portalId}.`,
        );
      }
      return deliveryOf(event.data, body);
    });
  },

  acknowledge: () => ({ status: 200, headers: {}, body: '' }),

  async translate(delivery, context) {
    return translateHubspot(HubspotEvent.parse(delivery.body), delivery.dedupeKey, context);
  },
};

function readBatch(request: RawRequest): unknown[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(request.body));
  } catch (cause) {
    throw unreadable('it is no JSON', cause);
  }
  const batch = z.array(z.unknown()).max(MOST_EVENTS).safeParse(parsed);
  if (!batch.success) throw unreadable(`it is no array of at most ${MOST_EVENTS} events`);
  return batch.data;
}

/** `eventId` alone is not unique, and `attemptNumber` differs between two tries of the same news. */
function deliveryOf(event: HubspotEvent, body: unknown): Delivery {
  const object = event.objectId ?? `${event.fromObjectId ?? ''}-${event.toObjectId ?? ''}`;
  const about = event.objectId ?? event.fromObjectId ?? event.primaryObjectId ?? 'none';
  return {
    dedupeKey: [event.portalId, event.type, object, event.eventId, event.occurredAt].join(':'),
    group: `${event.portalId}:${event.objectType}:${about}`,
    body,
  };
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError('data', 'hubspot_body_unreadable', `HubSpot's batch can't be read: ${why}.`, {
    cause,
  });
}
