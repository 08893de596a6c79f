import { openPortal, received } from './hubspot-portal.ts';

const EVENT = {
  eventId: 1,
  subscriptionId: 2,
  portalId: 33,
  appId: 1160452,
  occurredAt: 1795313868123,
  subscriptionType: 'contact.propertyChange',
  attemptNumber: 0,
  objectId: 7,
  propertyName: 'email',
  propertyValue: 'a@b.co',
  changeSource: 'CRM_UI',
};

async function opened(...events: object[]) {
  await using desk = await openPortal();
  const { inbound } = desk.connections.open('hs').connector;
  const body = JSON.stringify(events);
  const request = received({ method: 'POST', headers: {}, body });
  return inbound?.open(request, await desk.connections.open('hs').context()) ?? [];
}

describe('A batch of HubSpot', () => {
  test('of a hundred is a hundred deliveries with keys of their own', async () => {
    const events = Array.from({ length: 100 }, (_, objectId) => ({ ...EVENT, objectId }));
    const deliveries = await opened(...events);
    expect(deliveries).toHaveLength(100);
    expect(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size).toBe(100);
  });

  test('sent again has the same keys, though the attempt has another number', async () => {
    const [first] = await opened(EVENT);
    const [again] = await opened({ ...EVENT, attemptNumber: 3 });
    expect(again?.dedupeKey).toBe(first?.dedupeKey);
    expect(first).toEqual({
      dedupeKey: '33:contact.propertyChange:7:1:1795313868123',
      group: '33:contact:7',
      body: EVENT,
    });
  });

  test.each([
    ['the portal’s number for the event', { eventId: 2 }],
    ['the record', { objectId: 8 }],
    ['the time', { occurredAt: 1795313868124 }],
    ['the kind', { subscriptionType: 'contact.creation' }],
  ])('keeps events apart by %s', async (_, more) => {
    const [first] = await opened(EVENT);
    const [other] = await opened({ ...EVENT, ...more });
    expect(other?.dedupeKey).not.toBe(first?.dedupeKey);
  });

  test('may call the kind eventType, and a contact an object', async () => {
    const { subscriptionType, ...rest } = EVENT;
    const [byOtherName] = await opened({ ...rest, eventType: subscriptionType });
    const [asObject] = await opened({
      ...EVENT,
      subscriptionType: 'object.propertyChange',
      objectTypeId: '0-1',
    });
    expect(byOtherName?.dedupeKey).toBe('33:contact.propertyChange:7:1:1795313868123');
    expect(asObject?.group).toBe('33:contact:7');
  });

  test('with an event of a kind nobody knows is taken all the same', async () => {
    const [delivery] = await opened({ ...EVENT, subscriptionType: 'conversation.newMessage' });
    expect(delivery?.group).toBe('33:conversation:7');
  });

  test('with more than a hundred is refused', async () => {
    const events = Array.from({ length: 101 }, () => EVENT);
    await expect(opened(...events)).rejects.toMatchObject({ kind: 'data' });
  });

  test.each<[string, unknown, object]>([
    ['of another portal', { ...EVENT, portalId: 34 }, { code: 'hubspot_sender_unknown' }],
    ['without a kind', { ...EVENT, subscriptionType: undefined }, { kind: 'data' }],
    ['without a time', { ...EVENT, occurredAt: undefined }, { kind: 'data' }],
    ['that is none', 'nonsense', { code: 'hubspot_body_unreadable' }],
  ])('with an event %s loses that one alone', async (_, bad, expected) => {
    await using desk = await openPortal();
    const objectId = Number(desk.fake.createContact({ email: 'zoe@buyer.test' }));
    const good = { ...EVENT, objectId };
    const body = JSON.stringify([good, bad, { ...good, eventId: 2 }]);
    const deliveries = await desk.open(desk.signed(body));
    expect(deliveries).toHaveLength(3);
    const told = await Promise.allSettled(deliveries.map((one) => desk.tell(one)));
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(told[1]).toMatchObject({ reason: expected });
  });

  test('is answered with an empty 200', async () => {
    await using desk = await openPortal();
    const { inbound } = desk.connections.open('hs').connector;
    const request = received({ method: 'POST', headers: {}, body: '[]' });
    expect(inbound?.acknowledge(request)).toEqual({ status: 200, headers: {}, body: '' });
  });
});
