import * as z from 'zod';
import type {
  ConnectionContext,
  Delivery,
  Inbound,
  RawRequest,
} from '#connectors/kit/connector.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { HubspotCredentials } from './credentials.ts';
import { HubspotEvent, readWorkflowCall, WorkflowCall, workflowKey } from './event.ts';
import { newReading } from './reader.ts';
import type { HubspotSettings } from './settings.ts';
import { verifyHubspot, verifyHubspotV2 } from './signature.ts';
import { translateHubspot, translateWorkflowCall } from './translate.ts';

/** HubSpot sends at most this many events at once. */
const MOST_EVENTS = 100;

type Context = ConnectionContext<HubspotCredentials, HubspotSettings>;

export const hubspotInbound: Inbound<HubspotCredentials, HubspotSettings> = {
  verify(request, context) {
    const { settings, now } = context;
    const secret = secretOf(context);
    const uri = addressOf(request, settings);
    // Only the webhook action of workflows sends one record, and only it may come without v3.
    const older = settings.acceptV2FromWorkflows && lacksV3(request) && isOneRecord(request);
    if (older) verifyHubspotV2(secret, uri, request);
    else verifyHubspot(secret, uri, request, now);
  },

  open(request, { settings }) {
    const body = readBody(request);
    if (!Array.isArray(body)) return [workflowDelivery(body, request, settings)];
    if (body.length > MOST_EVENTS) throw unreadable(`it has more than ${MOST_EVENTS} events`);
    // One that can't be read goes to quarantine alone, when it is translated.
    return body.map((event) => hubspotDelivery(event));
  },

  acknowledge: () => ({ status: 200, headers: {}, body: '' }),

  async translate(delivery, context) {
    const reading = newReading(context, delivery.receivedAt);
    const call = WorkflowCall.safeParse(delivery.body);
    if (call.success) {
      requirePortal(call.data.portalId, context.settings);
      return translateWorkflowCall(call.data, delivery, reading);
    }
    const event = HubspotEvent.safeParse(delivery.body);
    if (!event.success) throw unreadable(z.prettifyError(event.error));
    requirePortal(event.data.portalId, context.settings);
    return translateHubspot(event.data, delivery.dedupeKey, reading);
  },
};

function secretOf({ connection, credentials }: Context): string {
  if (credentials.clientSecret !== undefined) return credentials.clientSecret;
  throw new HubError(
    'auth',
    'hubspot_secret_missing',
    `'${connection}' has no client secret, so that nothing HubSpot sends can be believed: put the secret of the app with the subscriptions into its credentials.`,
  );
}

/** The address as HubSpot has it: a workflow's has a query of its own. */
function addressOf(request: RawRequest, { publicUrl }: HubspotSettings): string {
  if (publicUrl === undefined) return request.url;
  const query = request.path.indexOf('?');
  if (query < 0 || publicUrl.includes('?') || !isOneRecord(request)) return publicUrl;
  return `${publicUrl}${request.path.slice(query)}`;
}

const lacksV3 = ({ headers }: RawRequest) => headers['x-hubspot-signature-v3'] === undefined;
const isOneRecord = ({ body }: RawRequest) => /^\s*\{/.test(new TextDecoder().decode(body));

/** One installation of an app may be this connection's, and another somebody else's. */
function requirePortal(portalId: number, settings: HubspotSettings): void {
  if (portalId === settings.portalId) return;
  throw new HubError(
    'auth',
    'hubspot_sender_unknown',
    `The news is from portal ${portalId}, the connection is for ${settings.portalId}.`,
  );
}

function readBody({ body }: RawRequest): unknown[] | object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(body));
  } catch (cause) {
    throw unreadable('it is no JSON', cause);
  }
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  throw unreadable('it is neither an array of events nor a record');
}

/** `eventId` alone is not unique, and `attemptNumber` differs between two tries of the same news. */
export function hubspotDelivery(body: unknown): Delivery {
  const { data: event } = HubspotEvent.safeParse(body);
  if (event === undefined) {
    const hash = contentHash(JSON.stringify(body) ?? '');
    return { dedupeKey: `unreadable:${hash}`, group: 'unreadable', body };
  }
  const object = event.objectId ?? `${event.fromObjectId ?? ''}-${event.toObjectId ?? ''}`;
  const about = event.objectId ?? event.fromObjectId ?? event.primaryObjectId ?? 'none';
  return {
    dedupeKey: [event.portalId, event.type, object, event.eventId, event.occurredAt].join(':'),
    group: `${event.portalId}:${event.objectType}:${about}`,
    body,
  };
}

function workflowDelivery(
  body: object,
  request: RawRequest,
  { portalId }: HubspotSettings,
): Delivery {
  const call = readWorkflowCall(body, request.path, portalId);
  if (typeof call === 'string') throw unreadable(call);
  return {
    dedupeKey: workflowKey(call, request.body),
    group: `${call.portalId}:${call.objectType}:${call.objectId}`,
    body: call,
  };
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError(
    'data',
    'hubspot_body_unreadable',
    `What HubSpot sent can't be read: ${why}.`,
    {
      cause,
    },
  );
}
