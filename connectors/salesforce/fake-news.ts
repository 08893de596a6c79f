import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';
import { SIGNATURE_HEADER, signCallout, TIMESTAMP_HEADER } from './callout.ts';
import type { ChangeNews, Row } from './fake-store.ts';
import { idOf } from './fake-store.ts';

export interface NewsOptions extends FakeOptions {
  readonly organizationId: string;
  readonly inboundSecret: string;
  readonly tokenHeader?: string | undefined;
}

export interface News {
  readonly sent: OutgoingRequest[];
  /** Tells a change as the event bus delivers it through an API destination. */
  tell(news: ChangeNews): void;
  /** Tells several records' one and the same change in a single event. */
  tellTogether(news: readonly ChangeNews[]): void;
  /** Sends records as an outbound message, as they are now. */
  tellBySoap(entity: string, rows: readonly Row[]): OutgoingRequest;
  /** An automation publishes a platform event with these fields. */
  tellPlatformEvent(name: string, fields: Readonly<Record<string, unknown>>, user: string): void;
  /** An Apex class posts JSON of our design and signs it, or a flow posts it with a bearer. */
  callOut(body: object, by: 'apex' | 'flow'): OutgoingRequest;
  /** Brings what a fault held back. */
  catchUp(): void;
}

export function fakeNews(options: NewsOptions): News {
  const sent: OutgoingRequest[] = [];
  let count = 0;
  const news = openNews({
    ...options,
    notify(request) {
      sent.push(request);
      options.notify?.(request);
    },
  });
  const send = (request: OutgoingRequest) => {
    news.tell(request);
    return request;
  };
  const json = { 'content-type': 'application/json' };
  const sendBusEvent = (event: object) =>
    send({
      method: 'POST',
      headers: { ...json, [options.tokenHeader ?? 'x-baton-token']: options.inboundSecret },
      body: JSON.stringify(event),
    });

  const tellTogether = (all: readonly ChangeNews[]) => {
    const [one] = all;
    if (one === undefined) return;
    count += 1;
    const recordIds = all.map(({ recordId }) => recordId);
    sendBusEvent(busEvent(options, one, recordIds, count));
  };

  return {
    sent,
    tellTogether,
    tell: (one) => tellTogether([one]),
    catchUp: news.catchUp,
    tellBySoap(entity, rows) {
      const notifications = rows.map((row) => {
        count += 1;
        return notification(entity, row, idOf('04l', count));
      });
      return send({
        method: 'POST',
        headers: { 'content-type': 'text/xml; charset=UTF-8' },
        body: soapMessage(options.organizationId, notifications.join('')),
      });
    },
    tellPlatformEvent(name, fields, user) {
      count += 1;
      const CreatedDate = options.now().toISOString();
      const EventUuid = `10000000-0000-4000-8000-${String(count).padStart(MILLISECOND_DIGITS, '0')}`;
      const payload = { ...fields, CreatedById: user, CreatedDate, EventUuid };
      sendBusEvent(onTheBus(options, name, count, payload));
    },
    callOut(body, by) {
      const text = JSON.stringify(body);
      const timestamp = String(options.now().getTime());
      const proof: Record<string, string> =
        by === 'flow'
          ? { authorization: `Bearer ${options.inboundSecret}` }
          : {
              [TIMESTAMP_HEADER]: timestamp,
              [SIGNATURE_HEADER]: signCallout(text, options.inboundSecret, timestamp),
            };
      return send({ method: 'POST', headers: { ...json, ...proof }, body: text });
    },
  };
}

const MILLISECOND_DIGITS = 12;

function busEvent(
  options: NewsOptions,
  { entity, changeType, fields, change }: ChangeNews,
  recordIds: readonly string[],
  count: number,
) {
  const number = String(count).padStart(MILLISECOND_DIGITS, '0');
  const client = change.client === undefined ? '' : `;client=${change.client}`;
  const nulled = Object.keys(fields).filter((name) => fields[name] === null);
  return onTheBus(options, `${entity}ChangeEvent`, count, {
    ChangeEventHeader: {
      entityName: entity,
      recordIds,
      changeType,
      changeOrigin: change.client === undefined ? '' : `com/salesforce/api/rest/66.0${client}`,
      transactionKey: `00000000-0000-0000-0000-${number}`,
      sequenceNumber: 1,
      commitTimestamp: options.now().getTime(),
      commitNumber: count,
      commitUser: change.user,
      nulledFields: changeType === 'UPDATE' ? nulled : [],
      diffFields: [],
      changedFields: changeType === 'UPDATE' ? Object.keys(fields) : [],
    },
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  });
}

function onTheBus(
  { organizationId, now }: NewsOptions,
  type: string,
  count: number,
  payload: object,
) {
  const number = String(count).padStart(MILLISECOND_DIGITS, '0');
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${number}`,
    'detail-type': type,
    source: `aws.partner/salesforce.com/${organizationId}/0YL000000000001AAA`,
    account: '123456789012',
    time: now().toISOString(),
    region: 'eu-west-1',
    resources: [],
    detail: { schemaId: 'WsFvMM5T4XghRnIzNnyzBw', id: number, payload },
  };
}

function notification(entity: string, row: Row, id: string): string {
  const fields = Object.entries(row)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `<sf:${name}>${escaped(String(value))}</sf:${name}>`)
    .join('');
  return `<Notification><Id>${id}</Id><sObject xsi:type="sf:${entity}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">${fields}</sObject></Notification>`;
}

function soapMessage(organizationId: string, notifications: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>${organizationId}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId xsi:nil="true"/><EnterpriseUrl>https://acme.my.salesforce.com/services/Soap/c/66.0</EnterpriseUrl><PartnerUrl>https://acme.my.salesforce.com/services/Soap/u/66.0</PartnerUrl>${notifications}</notifications></soapenv:Body></soapenv:Envelope>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
