import * as z from 'zod';
import type { Delivery, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { calloutDeliveries, isCallout, SIGNATURE_HEADER, verifyCallout } from './callout.ts';
import { SalesforceChange } from './change.ts';
import { BusEvent, deliveriesOf as changeDeliveries, organizationOf } from './change-event.ts';
import type { SalesforceCredentials, SalesforceSettings } from './credentials.ts';
import {
  ACKNOWLEDGEMENT,
  deliveriesOf as messageDeliveries,
  readMessage,
} from './outbound-message.ts';
import { platformDeliveries } from './platform-event.ts';
import { sameId } from './records.ts';
import { streamAround } from './streams.ts';
import { translateChange } from './translate.ts';

/**
 * Salesforce signs nothing: an outbound message is known by the secret in its address and by its
 * organisation, a relayed event by the secret that the API destination puts in a header, a flow's
 * callout by the same secret as a bearer. Only Apex can sign, and a signature that is there must
 * be right.
 */
export const salesforceInbound: Inbound<SalesforceCredentials, SalesforceSettings> = {
  verify(request, { credentials, settings, now }) {
    const secret = credentials.inboundSecret;
    if (request.headers[SIGNATURE_HEADER] !== undefined) {
      verifyCallout(request, secret, now);
      return;
    }
    const bearer = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
    const offered = [
      request.headers[settings.tokenHeader],
      bearer,
      ...secretsInAddress(request.path),
    ];
    const isKnown = (one: string | undefined) => one !== undefined && equalSecrets(one, secret);
    if (!offered.some(isKnown)) throw badSignature('The secret in the address or header');
  },

  open(request, { settings, now }) {
    const text = new TextDecoder().decode(request.body);
    if (isXml(request)) {
      const message = readMessage(text);
      requireOrganization(message.OrganizationId, settings);
      return messageDeliveries(message, now);
    }
    const parsed = readJson(text);
    return (Array.isArray(parsed) ? parsed : [parsed]).flatMap((one) =>
      isCallout(one) ? calloutDeliveries(one, settings) : openBusEvent(readBusEvent(one), settings),
    );
  },

  acknowledge: (request) =>
    isXml(request)
      ? { status: 200, headers: { 'content-type': 'text/xml' }, body: ACKNOWLEDGEMENT }
      : { status: 200, headers: {}, body: '' },

  async translate(delivery, context) {
    return translateChange(SalesforceChange.parse(delivery.body), delivery.dedupeKey, context);
  },

  resync: ({ body }) => streamAround(SalesforceChange.parse(body)),
};

/** The last part of the path and the query's `token`: one of them is the secret, if any is. */
function secretsInAddress(path: string): (string | undefined)[] {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  return [searchParams.get('token') ?? undefined, pathname.split('/').at(-1)];
}

function isXml(request: RawRequest): boolean {
  return (request.headers['content-type'] ?? '').includes('xml');
}

function openBusEvent(event: BusEvent, settings: SalesforceSettings): Delivery[] {
  requireOrganization(organizationOf(event), settings);
  return event.detail.payload.ChangeEventHeader === undefined
    ? platformDeliveries(event, settings)
    : changeDeliveries(event, settings.organizationId);
}

function requireOrganization(id: string | undefined, { organizationId }: SalesforceSettings): void {
  if (sameId(id, organizationId)) return;
  throw new HubError(
    'auth',
    'salesforce_sender_unknown',
    `The message comes from organisation ${id ?? '(none named)'}, the connection is for ${organizationId}.`,
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable('it is no JSON', cause);
  }
}

function readBusEvent(value: unknown): BusEvent {
  const event = BusEvent.safeParse(value);
  if (!event.success) throw unreadable(z.prettifyError(event.error));
  return event.data;
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError(
    'data',
    'salesforce_body_unreadable',
    `Salesforce's event can't be read: ${why}.`,
    {
      cause,
    },
  );
}
