import { readdirSync, readFileSync } from 'node:fs';
import { hubspotLimits } from '#connectors/hubspot/limits.ts';
import { HubspotSettings } from '#connectors/hubspot/settings.ts';
import { ADA, openPortal } from './hubspot-portal.ts';

/** What other integrators suffered from, each with its number in the list of pains. */
describe('What others suffered from', () => {
  test('pain 1: more rows of one stamp than a search shows neither loop nor get lost', async () => {
    await using desk = await openPortal({ settings: { limits: { searchPage: 5 } } });
    desk.fake.importContacts(23);
    const from = { from: new Date('2026-11-22T08:00:00Z') };
    const { deliveries, pages } = await desk.follow('contacts', from);
    const created = deliveries.filter(({ dedupeKey }) => dedupeKey.includes('creation'));
    expect(new Set(created.map(({ dedupeKey }) => dedupeKey)).size).toBe(23);
    expect(pages).toBeLessThan(10);
  });

  test('pain 2: searches have one rate for the whole connection', () => {
    const settings = HubspotSettings.parse({ portalId: 1, appId: 2 });
    const search = hubspotLimits({ settings }).rates.find(({ name }) => name === 'SECONDLY');
    expect(search?.calls).toBeLessThan(5);
    expect(search?.only?.({ method: 'POST', path: '/crm/v3/objects/contacts/search' })).toBe(true);
  });

  test('pain 3: every event of a batch is taken before it is answered', async () => {
    await using desk = await openPortal();
    desk.fake.importContacts(25);
    const batch = Array.from({ length: 25 }, (_, index) => ({
      eventId: index,
      portalId: 33,
      occurredAt: 1795313868123,
      subscriptionType: 'contact.creation',
      objectId: 1001 + index,
    }));
    const deliveries = await desk.open(desk.signed(JSON.stringify(batch)));
    expect(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size).toBe(25);
  });

  const event = {
    eventId: 7,
    subscriptionId: 1,
    portalId: 33,
    occurredAt: 1795313868123,
    subscriptionType: 'contact.creation',
    attemptNumber: 0,
    objectId: 1,
  };
  const keyOf = async (...events: object[]) => {
    await using desk = await openPortal();
    return (await desk.open(desk.signed(JSON.stringify(events)))).map(({ dedupeKey }) => dedupeKey);
  };

  test('pain 4: the same event twice, or by two subscriptions, has one key', async () => {
    const keys = await keyOf(
      event,
      { ...event, attemptNumber: 4 },
      { ...event, subscriptionId: 9 },
    );
    expect(new Set(keys).size).toBe(1);
  });

  test.each([
    ['no signature', {}],
    ['version 1 alone', { 'x-hubspot-signature-version': 'v1', 'x-hubspot-signature': 'x' }],
    ['no time', { 'x-hubspot-signature-v3': 'x' }],
  ])('pain 5: a request with %s is refused', async (_, headers) => {
    await using desk = await openPortal();
    const request = { ...desk.signed('[]'), headers: headers as Record<string, string> };
    await expect(desk.open(request)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('pain 5: a request that was right five minutes ago is refused', async () => {
    await using desk = await openPortal();
    const request = desk.signed('[]');
    desk.pass(300_001);
    await expect(desk.open(request)).rejects.toMatchObject({ code: 'signature_stale' });
  });

  test('pain 6: two events may share an eventId', async () => {
    const keys = await keyOf(
      event,
      { ...event, objectId: 2 },
      { ...event, occurredAt: event.occurredAt + 1 },
      { ...event, subscriptionType: 'contact.merge' },
    );
    expect(new Set(keys).size).toBe(4);
  });

  test('pain 7: what HubSpot takes at once is a setting, and small unless it says more', () => {
    const { limits } = HubspotSettings.parse({ portalId: 1, appId: 2 });
    expect(limits).toMatchObject({ batch: 100, associationBatch: 100, searchPage: 100 });
    const more = { batch: 50, associationBatch: 1000, searchPage: 200 };
    expect(HubspotSettings.parse({ portalId: 1, appId: 2, limits: more }).limits).toMatchObject(
      more,
    );
    const tooMany = { portalId: 1, appId: 2, limits: { batch: 101 } };
    expect(HubspotSettings.safeParse(tooMany).success).toBe(false);
  });

  test('pain 13: one address is one contact, whoever is first', async () => {
    await using desk = await openPortal();
    const facts = { email: 'zoe@buyer.test' };
    await Promise.all([
      desk.call('person.upsert', { facts }, 'k1'),
      desk.call('person.upsert', { facts: { ...facts, email: 'Zoe@Buyer.test' } }, 'k2'),
      desk.call('people.upsert', {
        people: ['a', 'b'].map((key) => ({ key, email: 'ZOE@buyer.test', facts: {} })),
      }),
    ]);
    expect(desk.fake.writes.filter(({ detail }) => detail['created'])).toHaveLength(1);
  });

  test('pain 15: an owner that a workflow overrules is not said to be assigned', async () => {
    await using desk = await openPortal();
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    desk.fake.overrule(record.id, 'grace@acme.test');
    await expect(
      desk.call('person.assign', { record, owner: ADA, status: 'assigned' }),
    ).rejects.toMatchObject({ code: 'hubspot_owner_overruled' });
  });

  test('no client library of HubSpot is loaded: it is plain HTTP', () => {
    const folder = 'connectors/hubspot';
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const sources = files.filter((file) => file.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(20);
    for (const file of sources) {
      expect(readFileSync(`${folder}/${file}`, 'utf8')).not.toContain('@hubspot/');
    }
  });
});
