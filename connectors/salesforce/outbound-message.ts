import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import type { Delivery } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { creationKey, groupOf, isNew, type SalesforceChange } from './change.ts';

/** What Salesforce takes for "received": any other answer makes it send the message again. */
export const ACKNOWLEDGEMENT =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>';

const MOST_NOTIFICATIONS = 100;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Entities are where XML parsers get hurt; the five that XML itself defines are decoded below.
  processEntities: false,
  isArray: (name) => name === 'Notification',
});

const Message = z.object({
  Envelope: z.object({
    Body: z.object({
      notifications: z.object({
        OrganizationId: z.string(),
        Notification: z
          .array(
            z.object({
              Id: z.string(),
              // Absent when the record was deleted before the message went out.
              sObject: z.record(z.string(), z.unknown()).optional(),
            }),
          )
          .max(MOST_NOTIFICATIONS),
      }),
    }),
  }),
});
export type OutboundMessage = z.infer<typeof Message>['Envelope']['Body']['notifications'];

/** Reads an outbound message. Throws `data` for anything else, a document type included. */
export function readMessage(xml: string): OutboundMessage {
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw unreadable('it declares a document type');
  let document: unknown;
  try {
    document = parser.parse(xml, true);
  } catch (cause) {
    throw unreadable('it is no XML', cause);
  }
  const message = Message.safeParse(document);
  if (!message.success) throw unreadable(z.prettifyError(message.error));
  return message.data.Envelope.Body.notifications;
}

/** One delivery for each notification that carries a record. */
export function deliveriesOf(message: OutboundMessage, now: Date): Delivery[] {
  return message.Notification.flatMap(({ Id, sObject }) => {
    const entity = String(sObject?.['@type'] ?? '').replace(/^.*:/, '');
    const fields = fieldsOf(sObject ?? {});
    const recordId = fields['Id'];
    if (recordId === undefined || entity === '') return [];
    const change = changeOf(entity, recordId, fields, now);
    const group = groupOf(message.OrganizationId, entity, recordId);
    return [{ dedupeKey: isNew(change) ? creationKey(entity, recordId) : Id, group, body: change }];
  });
}

function changeOf(
  entity: string,
  recordId: string,
  fields: Record<string, string>,
  now: Date,
): SalesforceChange {
  const user = fields['LastModifiedById'];
  const changedAt = fields['SystemModstamp'] ?? fields['LastModifiedDate'] ?? now.toISOString();
  return {
    entity,
    recordId,
    kind: 'NOTIFIED',
    at: new Date(changedAt).toISOString(),
    ...(user === undefined ? {} : { user }),
    changed: [],
    fields,
  };
}

/** The fields of a record as texts; attributes and nil fields are left out. */
function fieldsOf(sObject: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts = Object.entries(sObject).flatMap(([name, value]) =>
    typeof value === 'string' && !name.startsWith('@') ? [[name, decoded(value)] as const] : [],
  );
  return Object.fromEntries(texts.filter(([, value]) => value !== ''));
}

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
};

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|[a-z]+);/gi, (entity, decimal, hex) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    if (Number.isNaN(code)) return ENTITIES[entity] ?? entity;
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });
}

function unreadable(why: string, cause?: unknown): HubError {
  return new HubError(
    'data',
    'salesforce_body_unreadable',
    `The outbound message can't be read: ${why}.`,
    {
      cause,
    },
  );
}
