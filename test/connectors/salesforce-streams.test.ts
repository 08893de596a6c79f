import { CanonicalEvent } from '#core/events.ts';
import { ADA, GRACE, openOrganization, START } from './salesforce-organization.ts';

const FROM = { from: START };
const fields = (email: string) => ({ Email: email, LastName: 'Z', Company: 'Buyer' });

describe('A stream of Salesforce', () => {
  test.each(['leads', 'contacts', 'accounts', 'opportunities', 'tasks'])(
    '%s brings what changed, with keys of record and state, and no more the second time',
    async (name) => {
      await using org = await openOrganization();
      const lead = org.fake.createLead(fields('z@b.test'), ADA);
      org.fake.logCall(lead, ADA, 'Hello');
      org.fake.createAccount({ Name: 'Buyer', Website: 'www.buyer.test' }, ADA);
      org.fake.convertLead(org.fake.createLead(fields('y@b.test'), ADA), ADA, {
        name: 'D',
        amount: 1,
      });
      const first = await org.follow(name, FROM);
      const keys = first.deliveries.map(({ dedupeKey }) => dedupeKey);
      expect(keys.length).toBeGreaterThan(0);
      expect(new Set(keys).size).toBe(keys.length);
      // Within the overlap the same states come again under the same keys.
      const again = await org.follow(name, first.place);
      expect(again.deliveries.every(({ dedupeKey }) => keys.includes(dedupeKey))).toBe(true);
      org.pass(20 * 60_000);
      const later = await org.follow(name, (await org.follow(name, again.place)).place);
      expect(later.deliveries).toEqual([]);
      for (const event of await org.told(first.deliveries)) {
        const whole = { ...event, id: 'e', receivedAt: event.at, connection: 'sf' };
        expect(CanonicalEvent.safeParse(whole).error).toBeUndefined();
      }
    },
  );

  test('tells the same events as the news of the same changes would have told', async () => {
    await using org = await openOrganization();
    org.fake.createLeadFromForm({
      email: 'z@b.test',
      lastName: 'Z',
      company: 'B',
      message: 'Call!',
    });
    const [told] = await org.news();
    const streamed = await org.told((await org.follow('leads', FROM)).deliveries);
    expect(streamed).toEqual([told]);
  });

  test('tells a capture once, although the lead was changed since', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLeadFromForm({ email: 'z@b.test', lastName: 'Z', company: 'B' });
    org.pass(2_000);
    org.fake.setStatus(id, 'Working - Contacted', GRACE);
    const { deliveries } = await org.follow('leads', FROM);
    expect((await org.told(deliveries)).map(({ type, at }) => [type, at])).toEqual([
      ['lead.captured', '2026-11-22T09:00:00.000Z'],
      ['handoff.accepted', '2026-11-22T09:00:02.000Z'],
    ]);
  });

  test('reads leads with one call a page and none for each row', async () => {
    await using org = await openOrganization({ fake: { pageSize: 5 } });
    for (let count = 0; count < 10; count += 1)
      org.fake.createLead(fields(`p${count}@b.test`), ADA);
    const before = org.fake.apiCalls();
    const { deliveries, pages } = await org.follow('leads', FROM);
    await org.told(deliveries);
    expect(pages).toBe(2);
    expect(org.fake.apiCalls() - before).toBe(2);
  });

  test('follows merges, and says nothing of a person who was deleted', async () => {
    await using org = await openOrganization();
    const [winner, loser, gone] = ['a@b.test', 'c@b.test', 'd@b.test'].map((email) =>
      org.fake.createLead(fields(email), ADA),
    );
    const { place } = await org.follow('leads', FROM);
    org.pass(60 * 60_000);
    const { place: later } = await org.follow('leads', place);
    org.fake.mergeLeads(winner ?? '', loser ?? '', ADA);
    org.fake.deleteRecord(gone ?? '', ADA);
    const { deliveries } = await org.follow('leads', later);
    const ref = (id: string | undefined) => ({ connection: 'sf', kind: 'lead', id });
    const merged = { type: 'person.merged', into: ref(winner), from: [ref(loser)] };
    expect(await org.told(deliveries)).toMatchObject([merged]);
    // The relay tells the same merge, and the deletion as quietly.
    expect((await org.news()).filter(({ type }) => type === 'person.merged')).toMatchObject([
      merged,
    ]);
  });

  test('ends although more than ten thousand rows share one stamp', async () => {
    await using org = await openOrganization({ fake: { pageSize: 500 } });
    for (let count = 0; count < 10_400; count += 1) {
      org.fake.createAccount({ Name: 'Buyer' }, ADA);
    }
    const { deliveries, pages } = await org.follow('accounts', FROM);
    expect(pages).toBe(21);
    expect(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size).toBe(10_400);
  });

  test('goes on from its last row when the vendor forgot the next page', async () => {
    await using org = await openOrganization({ fake: { pageSize: 4 } });
    for (let count = 0; count < 10; count += 1)
      org.fake.createLead(fields(`p${count}@b.test`), ADA);
    const stream = org.connector.streams?.['leads'];
    const first = await stream?.read(await org.operationContext('s'), FROM);
    org.fake.forgetQueries();
    const rest = await org.follow('leads', { cursor: first?.cursor });
    const keys = [...(first?.deliveries ?? []), ...rest.deliveries].map(
      ({ dedupeKey }) => dedupeKey,
    );
    expect(keys).toHaveLength(10);
    expect(new Set(keys).size).toBe(10);
  });

  test('finds what was committed late, and what happened while it read', async () => {
    await using org = await openOrganization({ fake: { pageSize: 2 } });
    for (const email of ['a@b.test', 'c@b.test', 'd@b.test'])
      org.fake.createLead(fields(email), ADA);
    const stream = org.connector.streams?.['leads'];
    const first = await stream?.read(await org.operationContext('s'), FROM);
    org.pass(10 * 60_000);
    const late = org.fake.createLead(fields('e@b.test'), ADA);
    const round = await org.follow('leads', { cursor: first?.cursor });
    org.pass(10 * 60_000);
    const next = await org.follow('leads', round.place);
    expect(next.deliveries.map(({ dedupeKey }) => dedupeKey)).toContain(
      `Lead:${late.slice(0, 15)}:created`,
    );
  });

  test('tells of accounts by their website', async () => {
    await using org = await openOrganization();
    org.fake.createAccount(
      {
        ...{ Name: 'Buyer', Website: 'http://www.Buyer.test/en', NumberOfEmployees: 7 },
        ...{ BillingCountry: 'Germany', BillingState: 'BE', BillingPostalCode: '10115' },
        ...{ BillingCity: 'Berlin', Phone: '+49 30 1234-0' },
      },
      ADA,
    );
    org.fake.createAccount({ Name: 'Nowhere' }, ADA);
    const { deliveries } = await org.follow('accounts', FROM);
    expect(await org.told(deliveries)).toMatchObject([
      {
        type: 'account.changed',
        subject: {},
        account: {
          ...{ name: 'Buyer', domain: 'buyer.test', owner: ADA, employees: 7 },
          ...{ country: 'DE', region: 'BE', postcode: '10115', city: 'Berlin' },
          phone: '+49 30 1234-0',
        },
      },
    ]);
  });

  test('says nothing of what the hub itself wrote', async () => {
    await using org = await openOrganization();
    await using own = await openOrganization({
      settings: { integrationUserId: org.fake.integrationUserId },
    });
    await own.call('person.upsert', { facts: { email: 'z@b.test' } });
    const { deliveries } = await own.follow('leads', FROM);
    expect(deliveries).toHaveLength(1);
    expect(await own.told(deliveries)).toEqual([]);
  });
});
