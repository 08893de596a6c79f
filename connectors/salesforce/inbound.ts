import * as z from 'zod';
import type { Delivery, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { badSignature, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { SalesforceChange } from './change.ts';
import { BusEvent, deliveriesOf as changeDeliveries, organizationOf } from './change-event.ts';
import type { SalesforceCredentials, SalesforceSettings } from './credentials.ts';
import {
  ACKNOWLEDGEMENT,
  deliveriesOf as messageDeliveries,
  readMessage,
} from './outbound-message.ts';
import { sameId } from './records.ts';
import { translateChange } from './translate.ts';

/**
 * Salesforce signs nothing: an outbound message is known by the secret in its address and by its
 * organisation, a relayed change event by the secret that the API destination puts in a header.
 */
export const salesforceInbound: Inbound<SalesforceCredentials, SalesforceSettings> = {
  verify(request, { credentials, settings }) {
    const offered = [request.headers[settings.tokenHeader], ...secretsInAddress(request.path)];
    const isKnown = (secret: string | undefined) =>
      secret !== undefined && equalSecrets(secret, credentials.inboundSecret);
    if (!offered.some(isKnown)) throw badSignature('The secret in the address or header');
  },

  open(request, { settings, now }) {
    const text = new TextDecoder().decode(request.body);
    if (isXml(request)) {
      const message = readMessage(text);
      requireOrganization(message.OrganizationId, settings);
      return messageDeliveries(message, now);
    }
    return readBusEvents(text).flatMap((event) => openBusEvent(event, settings));
  },

  acknowledge: (request) =>
    isXml(request)
      ? { status: 200, headers: { 'content-type': 'text/xml' }, body: ACKNOWLEDGEMENT }
      : { status: 200, headers: {}, body: '' },

  async translate(delivery, context) {
    return translateChange(SalesforceChange.parse(delivery.body), delivery.dedupeKey, context);
  },
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
  return changeDeliveries(event, settings.organizationId);
}

function requireOrganization(id: string | undefined, { organizationId }: SalesforceSettings): void {
  if (sameId(id, organizationId)) return;
  throw new HubError(
    'auth',
    'salesforce_sender_unknown',
    `The message comes from organisation ${id ?? '(none named)'}, the connection is for ${organizationId}.`,
  );
}

function readBusEvents(text: string): BusEvent[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw unreadable('it is no JSON', cause);
  }
  const events = z.array(BusEvent).safeParse(Array.isArray(parsed) ? parsed : [parsed]);
  if (!events.success) throw unreadable(z.prettifyError(events.error));
  return events.data;
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
