import { CanonicalEvent, type TranslatedEvent } from '#core/events.ts';
import { ADA, GRACE, openPortal } from './hubspot-portal.ts';

const ZOE = 'zoe@buyer.test';
type Portal = Awaited<ReturnType<typeof openPortal>>;

const subject = (id: string) => ({
  email: ZOE,
  external: [{ connection: 'hs', kind: 'contact', id }],
});
const ada = { email: ADA, external: { connection: 'hs', kind: 'user', id: '301' } };
const grace = { email: GRACE, external: { connection: 'hs', kind: 'user', id: '302' } };

/** Every event must be one that the hub can use once it has its envelope. */
function checked(events: TranslatedEvent[]): TranslatedEvent[] {
  for (const event of events) {
    const envelope = { id: 'evt_1', receivedAt: event.at, connection: 'hs' };
    expect(CanonicalEvent.safeParse({ ...event, ...envelope }).error).toBeUndefined();
  }
  return events;
}

const NEWS: [string, (desk: Portal, id: string) => void, object[]][] = [
  [
    'a new owner accepts, whoever made them the owner',
    ({ fake }, id) => fake.changeOwner(id, GRACE, ADA),
    [{ type: 'handoff.accepted', via: 'crm', by: grace, asOwner: true }],
  ],
  [
    'a lead in progress was accepted by the user who says so',
    ({ fake }, id) => fake.setStatus(id, 'IN_PROGRESS', ADA),
    [{ type: 'handoff.accepted', via: 'crm', by: ada }],
  ],
  [
    'an unqualified lead was rejected',
    ({ fake }, id) => fake.setStatus(id, 'UNQUALIFIED', ADA),
    [{ type: 'handoff.rejected', via: 'crm', by: ada, reason: 'bad_fit' }],
  ],
  [
    'any other status is a fact',
    ({ fake }, id) => fake.setStatus(id, 'ATTEMPTED_TO_CONTACT', ADA),
    [{ type: 'person.changed', person: { email: ZOE, status: 'ATTEMPTED_TO_CONTACT' } }],
  ],
  [
    'marketing qualified the lead',
    ({ fake }, id) => fake.setLifecycleStage(id, 'marketingqualifiedlead'),
    [{ type: 'lead.qualified', person: { email: ZOE } }],
  ],
  [
    'any other stage is a fact',
    ({ fake }, id) => fake.setLifecycleStage(id, 'customer'),
    [{ type: 'person.changed', person: { email: ZOE, customer: true } }],
  ],
  [
    'a known contact fills in a form again',
    (desk, id) => {
      desk.pass(24 * 60 * 60_000);
      expect(desk.fake.createContactFromForm({ email: ZOE, form: 'Ebook' })).toBe(id);
    },
    [{ type: 'lead.captured', form: 'Ebook', handRaiser: false, person: { email: ZOE } }],
  ],
  [
    'somebody opts out of mail',
    ({ fake }, id) => fake.changeProperties(id, { hs_email_optout: 'true' }),
    [{ type: 'consent.changed', channel: 'email', granted: false }],
  ],
  [
    'a logged call is work',
    ({ fake }, id) => {
      fake.logCall(id, ADA, 'Talked about seats');
    },
    [
      {
        type: 'handoff.worked',
        via: 'crm',
        activity: 'call',
        by: ada,
        summary: 'Talked about seats',
      },
    ],
  ],
];

describe('HubSpot tells that', () => {
  test.each(NEWS)('%s', async (_, happen, expected) => {
    await using desk = await openPortal();
    const id = desk.fake.createContact({ email: ZOE });
    await desk.news();
    happen(desk, id);
    const at = desk.clock.at.toISOString();
    const events = checked(await desk.news());
    expect(events).toEqual(
      expected.map((one) => ({
        at,
        sourceId: expect.any(String),
        subject: subject(id),
        ...one,
      })),
    );
  });

  test('a stranger asks for sales', async () => {
    await using desk = await openPortal({ settings: { timelineProperty: 'timeline' } });
    const id = desk.fake.createContactFromForm({
      email: ZOE,
      form: 'Home: Newsletter',
      message: 'Please call me.',
      properties: {
        firstname: 'Zoë',
        country: 'Germany',
        timeline: 'this quarter',
        hs_analytics_source: 'PAID_SEARCH',
        hs_analytics_source_data_1: 'autumn',
        hs_analytics_first_url: 'https://acme.test/pricing',
        hs_analytics_first_referrer: 'https://search.test/',
      },
    });
    // The conversion date changed, too: that is no second lead.
    expect(checked(await desk.news())).toEqual([
      {
        at: '2026-11-22T09:00:00.000Z',
        sourceId: `33:contact.creation:${id}:3816279001:1795338000000`,
        type: 'lead.captured',
        subject: subject(id),
        person: { email: ZOE, firstName: 'Zoë', country: 'DE' },
        form: 'Home: Newsletter',
        handRaiser: true,
        need: 'Please call me.',
        timeline: 'this quarter',
        campaign: { source: 'paid_search', name: 'autumn' },
        url: 'https://acme.test/pricing',
        referrer: 'https://search.test/',
      },
    ]);
  });

  test.each([
    ['Pricing page: Request a demo', true],
    ['Blog: Newsletter', false],
  ])('the form %s asks for sales: %s', async (form, handRaiser) => {
    await using desk = await openPortal();
    desk.fake.createContactFromForm({ email: ZOE, form });
    expect(await desk.news()).toMatchObject([{ type: 'lead.captured', form, handRaiser }]);
  });

  test('an import is no lead', async () => {
    await using desk = await openPortal();
    desk.fake.createContact({ email: ZOE }, 'IMPORT');
    expect(await desk.news()).toMatchObject([{ type: 'person.changed', person: { email: ZOE } }]);
  });

  test('a workflow that sets an owner is nobody’s yes', async () => {
    await using desk = await openPortal({ settings: { automaticSources: ['CRM_UI'] } });
    const id = desk.fake.createContact({ email: ZOE }, 'IMPORT');
    await desk.news();
    desk.fake.changeOwner(id, ADA);
    expect(await desk.news()).toMatchObject([{ type: 'person.changed', person: { owner: ADA } }]);
  });

  test('a rejection has the reason that the portal keeps for it', async () => {
    await using desk = await openPortal({
      settings: { reasonProperty: 'reason', namedDateProperty: 'again' },
    });
    const id = desk.fake.createContact({ email: ZOE });
    desk.fake.changeProperties(id, { reason: 'no_budget', again: '2027-03-01' });
    await desk.news();
    desk.fake.setStatus(id, 'UNQUALIFIED', ADA);
    expect(await desk.news()).toMatchObject([
      {
        ...{ type: 'handoff.rejected', reason: 'no_budget' },
        namedDate: '2027-03-01T00:00:00.000Z',
      },
    ]);
  });

  test('the hub’s own task was done, by the one who did it', async () => {
    await using desk = await openPortal();
    const record = { kind: 'contact', id: desk.fake.createContact({ email: ZOE }) };
    await desk.call('task.create', {
      record,
      owner: ADA,
      subject: 'Call Zoë',
      body: '',
      dueAt: '2026-11-22T13:00:00Z',
    });
    await desk.news();
    desk.fake.completeTask('5001', 'CALL');
    expect(checked(await desk.news())).toMatchObject([
      { type: 'handoff.worked', activity: 'call', by: ada, subject: subject(record.id) },
    ]);
  });

  test('a deal is opened, moved and won, once it is about somebody', async () => {
    await using desk = await openPortal({ settings: { currency: 'EUR' } });
    const contactId = desk.fake.createContact({ email: ZOE });
    await desk.news();
    const dealId = desk.fake.openDeal({ name: 'Seats', amount: '1200' });
    expect(await desk.news()).toEqual([]);
    desk.fake.linkDeal(dealId, contactId);
    desk.fake.moveDeal(dealId, 'contractsent');
    desk.fake.closeDeal(dealId, true);
    const opportunity = {
      ref: { connection: 'hs', kind: 'deal', id: dealId },
      name: 'Seats',
      amountMinor: 120000,
      currency: 'EUR',
    };
    const events = checked(await desk.news());
    // The record is read when the news is, so all three show how things stand now.
    expect(events).toHaveLength(3);
    expect(events.at(-1)).toMatchObject({
      type: 'opportunity.changed',
      subject: subject(contactId),
      opportunity: { ...opportunity, stage: 'Closed won', outcome: 'won' },
    });
  });

  test('a deal is lost', async () => {
    await using desk = await openPortal();
    const contactId = desk.fake.createContact({ email: ZOE });
    const dealId = desk.fake.openDeal({ name: 'Seats', amount: '', contactId });
    await desk.news();
    desk.fake.closeDeal(dealId, false);
    expect(await desk.news()).toMatchObject([{ opportunity: { outcome: 'lost' } }]);
  });

  test('two contacts became one, and an erased one is gone', async () => {
    await using desk = await openPortal();
    const [first, second] = [ZOE, 'zoe@home.test'].map((email) =>
      desk.fake.createContact({ email }),
    );
    await desk.news();
    desk.fake.mergeContacts(first ?? '', second ?? '');
    desk.fake.eraseContact(first ?? '');
    const ref = (id: string | undefined) => ({ connection: 'hs', kind: 'contact', id });
    expect(checked(await desk.news())).toMatchObject([
      { type: 'person.merged', into: ref(first), from: [ref(second)] },
      { type: 'person.erased', subject: { external: [ref(first)] } },
    ]);
  });
});

describe('HubSpot tells nothing', () => {
  test('of what the hub itself wrote', async () => {
    await using desk = await openPortal();
    const { record } = (await desk.call('person.upsert', { facts: { email: ZOE } })) as {
      record: object;
    };
    await desk.call('person.assign', { record, owner: ADA, status: 'accepted' });
    await desk.call('person.status', { record, status: 'disqualified' });
    const task = { record, owner: ADA, subject: 'a', body: 'b', dueAt: '2026-11-22T13:00:00Z' };
    await desk.call('task.close', await desk.call('task.create', task));
    expect(desk.fake.sent.length).toBeGreaterThanOrEqual(5);
    expect(await desk.news()).toEqual([]);
  });

  test('of what another app wrote is not so', async () => {
    await using desk = await openPortal({ fake: { appId: 99 } });
    await desk.call('person.upsert', { facts: { email: ZOE } });
    expect(await desk.news()).toMatchObject([{ type: 'person.changed' }]);
  });

  test('of a task that is yet to be done', async () => {
    await using desk = await openPortal({ fake: { appId: 99 } });
    const record = { kind: 'contact', id: desk.fake.createContact({ email: ZOE }) };
    await desk.news();
    const task = { record, owner: ADA, subject: 'a', body: 'b', dueAt: '2026-11-22T13:00:00Z' };
    await desk.call('task.create', task);
    expect(desk.fake.sent).toHaveLength(2);
    expect(await desk.news()).toEqual([]);
  });

  test('of a contact that is gone by the time it is read', async () => {
    await using desk = await openPortal();
    const id = desk.fake.createContact({ email: ZOE });
    desk.fake.eraseContact(id);
    expect(await desk.news()).toMatchObject([{ type: 'person.erased' }]);
  });
});
