import { deliveriesOf, readMessage } from '#connectors/salesforce/outbound-message.ts';
import {
  ADA,
  GRACE,
  openOrganization,
  PATH,
  received,
  SECRET,
  START,
} from './salesforce-organization.ts';

const notification = (id: string, fields = '') =>
  `<Notification><Id>${id}</Id><sObject xsi:type="sf:Lead" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>00Q5g00000AbCdEEAV</sf:Id>${fields}</sObject></Notification>`;
const message = (notifications: string, organization = '00D5f000005KcCnEAK') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <soapenv:Body>
  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">
   <OrganizationId>${organization}</OrganizationId>
   <ActionId>04k5g000000XyZkAAK</ActionId>
   <SessionId xsi:nil="true"/>
   ${notifications}
  </notifications>
 </soapenv:Body>
</soapenv:Envelope>`;
const request = (body: string, path = `${PATH}?token=${SECRET}`) =>
  received({ method: 'POST', headers: { 'content-type': 'text/xml; charset=UTF-8' }, body }, path);

const fieldsOf = (xml: string) => deliveriesOf(readMessage(message(xml)), START)[0]?.body;

describe('An outbound message', () => {
  test('of a hundred records is a hundred deliveries, known by the notification', async () => {
    await using org = await openOrganization();
    const all = Array.from({ length: 100 }, (_, index) => notification(`04l${index}`));
    const deliveries = await org.open(request(message(all.join(''))));
    expect(deliveries).toHaveLength(100);
    expect(deliveries[7]).toMatchObject({
      dedupeKey: '04l7',
      group: '00D5f000005KcCn:Lead:00Q5g00000AbCdE',
    });
  });

  test('has texts, whatever they look like', () => {
    const xml = notification(
      '04l1',
      '<sf:Company>Buyer &amp; Sons &lt;1&gt; &#233;&#x4E00; &nbsp;</sf:Company><sf:Phone>0049</sf:Phone><sf:Title xsi:nil="true"/><sf:SystemModstamp>2026-11-22T02:17:49.000Z</sf:SystemModstamp>',
    );
    expect(fieldsOf(xml)).toEqual({
      entity: 'Lead',
      recordId: '00Q5g00000AbCdEEAV',
      kind: 'NOTIFIED',
      at: '2026-11-22T02:17:49.000Z',
      changed: [],
      fields: {
        Id: '00Q5g00000AbCdEEAV',
        Company: 'Buyer & Sons <1> é一 &nbsp;',
        Phone: '0049',
        SystemModstamp: '2026-11-22T02:17:49.000Z',
      },
    });
  });

  test('of a record that was deleted meanwhile tells nothing', async () => {
    await using org = await openOrganization();
    const empty = '<Notification><Id>04l1</Id></Notification>';
    expect(await org.open(request(message(empty)))).toEqual([]);
  });

  test('is acknowledged in the one way that Salesforce takes for a yes', async () => {
    await using org = await openOrganization();
    expect(org.inbound.acknowledge(request(message('')))).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>',
    });
  });

  const one = message(notification('04l1'));
  test.each([
    ['without the secret', request(one, PATH), { code: 'signature_invalid' }],
    ['with another secret', request(one, `${PATH}?token=other`), { code: 'signature_invalid' }],
    [
      'of another organisation',
      request(message(notification('04l1'), '00D5f000005KcCmEAK')),
      { kind: 'auth', code: 'salesforce_sender_unknown' },
    ],
    [
      'with a document type',
      request(one.replace('?>', '?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
      { kind: 'data', message: expect.stringContaining('document type') },
    ],
    ['that is cut off', request(one.slice(0, 300)), { kind: 'data' }],
    [
      'of more than a hundred records',
      request(message(notification('04l1').repeat(101))),
      { kind: 'data' },
    ],
    ['that is another document', request('<a><b>1</b></a>'), { kind: 'data' }],
  ])('%s is refused', async (_, sent, expected) => {
    await using org = await openOrganization();
    await expect(org.open(sent)).rejects.toMatchObject(expected);
  });

  test('may carry the secret as the end of its path', async () => {
    await using org = await openOrganization();
    expect(await org.open(request(one, `${PATH}/${SECRET}`))).toHaveLength(1);
  });
});

describe('An outbound message tells that', () => {
  const lead = { Email: 'zoe@buyer.test', LastName: 'Z', Company: 'B' };
  type Organization = Awaited<ReturnType<typeof openOrganization>>;

  test.each<[string, (org: Organization, id: string) => void, object[]]>([
    [
      'a lead was accepted',
      ({ fake }, id) => fake.setStatus(id, 'Working - Contacted', GRACE),
      [{ type: 'handoff.accepted', by: { email: GRACE } }],
    ],
    [
      'a lead was rejected',
      ({ fake }, id) => fake.setStatus(id, 'Unqualified', GRACE),
      [{ type: 'handoff.rejected', reason: 'bad_fit' }],
    ],
    [
      'its new owner took a lead',
      ({ fake }, id) => fake.changeOwner(id, GRACE),
      [{ type: 'handoff.accepted', by: { email: GRACE } }],
    ],
    [
      'somebody else changed something',
      ({ fake }, id) => fake.changeFields(id, { Title: 'CEO' }, GRACE),
      [{ type: 'person.changed', person: { title: 'CEO' } }],
    ],
  ])('%s', async (_, happen, expected) => {
    await using org = await openOrganization();
    const id = org.fake.createLead(lead, ADA);
    org.pass(60_000);
    happen(org, id);
    const sent = org.fake.sendOutboundMessage([id]);
    expect(await org.translate(received(sent))).toMatchObject(expected);
  });

  test('a form was filled in', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLeadFromForm({ email: lead.Email, lastName: 'Z', company: 'A & B' });
    const sent = org.fake.sendOutboundMessage([id]);
    expect(await org.translate(received(sent))).toMatchObject([
      { type: 'lead.captured', person: { company: 'A & B' }, handRaiser: false },
    ]);
  });

  test('a task is done, and an opportunity is won', async () => {
    await using org = await openOrganization();
    const contactId = org.fake.createContact({ Email: lead.Email, LastName: 'Z' }, ADA);
    const taskId = org.fake.logCall(contactId, ADA, 'Hello');
    const dealId = org.fake.openDeal({ name: 'Seats', amount: 5, owner: ADA, contactId });
    org.fake.closeDeal(dealId, true);
    for (const [id, expected] of [
      [taskId, { type: 'handoff.worked', activity: 'call' }],
      [dealId, { type: 'opportunity.changed', opportunity: { outcome: 'won' } }],
    ] as const) {
      const sent = org.fake.sendOutboundMessage([id]);
      expect(await org.translate(received(sent))).toMatchObject([expected]);
    }
  });

  test('the hub wrote something is no news', async () => {
    await using org = await openOrganization();
    const { fake } = org;
    await using knowing = await openOrganization({
      settings: { integrationUserId: fake.integrationUserId },
    });
    const answer = await knowing.call('person.upsert', { facts: { email: lead.Email } });
    const { record } = answer as { record: { id: string } };
    const sent = knowing.fake.sendOutboundMessage([record.id]);
    expect(await knowing.translate(received(sent))).toEqual([]);
  });
});
