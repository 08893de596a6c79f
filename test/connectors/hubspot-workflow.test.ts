import { openPortal, received } from './hubspot-portal.ts';

const ZOE = 'zoe@buyer.test';

describe('The webhook action of a workflow', () => {
  test.each([
    ['', 'person.changed'],
    ['?workflow=mql&means=qualified', 'lead.qualified'],
    ['?means=captured', 'lead.captured'],
    ['?means=nonsense', 'person.changed'],
  ])('with the query %j tells %s', async (query, type) => {
    await using desk = await openPortal({
      settings: { publicUrl: 'https://hub.example.com/v1/in/hubspot' },
    });
    const id = desk.fake.createContact({ email: ZOE });
    const sent = desk.fake.callWorkflow(id, query);
    const events = await desk.translate(
      received(sent, `https://hub.example.com/v1/in/hubspot${query}`),
    );
    expect(events).toMatchObject([{ type, subject: { email: ZOE } }]);
  });

  test('is known again by its record, its workflow and its body', async () => {
    await using desk = await openPortal();
    const key = async (body: object, query = '?workflow=a') => {
      const uri = `https://hub.example.com/v1/in/hubspot${query}`;
      const [delivery] = await desk.open(desk.signed(JSON.stringify(body), uri));
      return delivery?.dedupeKey;
    };
    const record = { id: '1001', properties: { email: ZOE } };
    const first = await key(record);
    expect(first).toMatch(/^33:1001:a:[0-9a-f]{64}$/);
    expect(await key(record)).toBe(first);
    expect(await key({ ...record, properties: {} })).not.toBe(first);
    expect(await key(record, '?workflow=b')).not.toBe(first);
    expect(await key({ vid: 1001, 'portal-id': 33 }, '')).toMatch(/^33:1001:workflow:/);
  });

  test.each([
    ['a record without an id', '{"properties":{}}'],
    ['text', '"hello"'],
    ['nothing', ''],
  ])('with %s can not be read', async (_, body) => {
    await using desk = await openPortal();
    await expect(desk.open(desk.signed(body))).rejects.toMatchObject({
      code: 'hubspot_body_unreadable',
    });
  });

  test('of another portal is held apart', async () => {
    await using desk = await openPortal();
    const request = desk.signed('{"id":"1","portalId":34}');
    await expect(desk.translate(request)).rejects.toMatchObject({ code: 'hubspot_sender_unknown' });
  });
});
