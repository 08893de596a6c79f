import { CanonicalEvent, type TranslatedEvent } from '#core/events.ts';
import { ADA, GRACE, openOrganization, received } from './salesforce-organization.ts';

const ZOE = 'zoe@buyer.test';
type Organization = Awaited<ReturnType<typeof openOrganization>>;

const subject = (...ids: string[]) => ({
  email: ZOE,
  external: ids.map((id) => ({
    connection: 'sf',
    kind: id.startsWith('00Q') ? 'lead' : 'contact',
    id,
  })),
});
const user = (org: Organization, email: string) => ({
  email,
  external: { connection: 'sf', kind: 'user', id: org.fake.userId(email) },
});

function checked(events: TranslatedEvent[]): TranslatedEvent[] {
  for (const event of events) {
    const envelope = { id: 'evt_1', receivedAt: event.at, connection: 'sf' };
    expect(CanonicalEvent.safeParse({ ...event, ...envelope }).error).toBeUndefined();
  }
  return events;
}

const lead = (org: Organization) =>
  org.fake.createLead({ Email: ZOE, LastName: 'Z', Company: 'Buyer' }, ADA);

type Happening = [string, (org: Organization, id: string) => void, (org: Organization) => object[]];
const NEWS: Happening[] = [
  [
    'a new owner accepts, whoever made them the owner',
    ({ fake }, id) => fake.changeOwner(id, GRACE, ADA),
    (org) => [{ type: 'handoff.accepted', via: 'crm', by: user(org, GRACE), asOwner: true }],
  ],
  [
    'a lead that is worked on was accepted',
    ({ fake }, id) => fake.setStatus(id, 'Working - Contacted', GRACE),
    (org) => [{ type: 'handoff.accepted', via: 'crm', by: user(org, GRACE) }],
  ],
  [
    'an unqualified lead was rejected',
    ({ fake }, id) => fake.setStatus(id, 'Unqualified', GRACE),
    (org) => [{ type: 'handoff.rejected', via: 'crm', by: user(org, GRACE), reason: 'bad_fit' }],
  ],
  [
    'any other status is a fact',
    ({ fake }, id) => fake.setStatus(id, 'Nurture', GRACE),
    () => [
      {
        type: 'person.changed',
        person: { email: ZOE, lastName: 'Z', company: 'Buyer', owner: ADA, status: 'Nurture' },
      },
    ],
  ],
  [
    'somebody opts out of mail',
    ({ fake }, id) => fake.changeFields(id, { HasOptedOutOfEmail: true }, ADA),
    () => [{ type: 'consent.changed', channel: 'email', granted: false }],
  ],
  [
    'a logged call is work',
    ({ fake }, id) => {
      fake.logCall(id, GRACE, 'Talked about seats');
    },
    (org) => [
      {
        type: 'handoff.worked',
        via: 'crm',
        activity: 'call',
        by: user(org, GRACE),
        summary: 'Talked about seats',
      },
    ],
  ],
  [
    'a field that the hub does not follow says nothing',
    ({ fake }, id) => fake.changeFields(id, { Description: 'x' }, ADA),
    () => [],
  ],
];

describe('Salesforce tells that', () => {
  test.each(NEWS)('%s', async (_, happen, expected) => {
    await using org = await openOrganization();
    const id = lead(org);
    await org.news();
    happen(org, id);
    const at = org.clock.at.toISOString();
    expect(checked(await org.news())).toEqual(
      expected(org).map((one) => ({
        at,
        sourceId: expect.any(String),
        subject: subject(id),
        ...one,
      })),
    );
  });

  test('a stranger filled in a form', async () => {
    await using org = await openOrganization({
      settings: { timelineField: 'Timeline__c' },
      fake: { customFields: { Lead: ['Timeline__c'] } },
    });
    const id = org.fake.createLeadFromForm({
      email: ZOE,
      firstName: 'Zoë',
      lastName: 'Z',
      company: 'Buyer',
      message: 'Please call me.',
      fields: {
        ...{ Timeline__c: 'soon', Country: 'Germany', NumberOfEmployees: 250 },
        ...{ PostalCode: '10115', City: 'Berlin', Phone: '+49 30 1' },
      },
    });
    expect(checked(await org.news())).toEqual([
      {
        at: '2026-11-22T09:00:00.000Z',
        sourceId: 'Lead:00Q000000000001:created',
        type: 'lead.captured',
        subject: subject(id),
        person: expect.objectContaining({
          email: ZOE,
          firstName: 'Zoë',
          lastName: 'Z',
          company: 'Buyer',
          ...{ country: 'DE', postcode: '10115', city: 'Berlin', phone: '+49 30 1' },
          employees: 250,
        }),
        form: 'Web-to-lead',
        handRaiser: true,
        campaign: { source: 'web' },
        need: 'Please call me.',
        timeline: 'soon',
      },
    ]);
  });

  test('a lead that somebody typed in is no form', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    expect(await org.news()).toMatchObject([{ type: 'person.changed', subject: subject(id) }]);
  });

  test('a lead handed to a queue was accepted by nobody', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    await org.news();
    org.fake.changeFields(id, { OwnerId: '00G000000000001AAA' }, ADA);
    expect(await org.news()).toMatchObject([{ type: 'person.changed' }]);
  });

  test('a rejection has the reason that the organisation keeps for it', async () => {
    await using org = await openOrganization({
      settings: { reasonField: 'Reason__c', namedDateField: 'Again__c' },
      fake: { customFields: { Lead: ['Reason__c', 'Again__c'] } },
    });
    const id = lead(org);
    await org.news();
    org.fake.setStatus(id, 'Unqualified', ADA, { Reason__c: 'no_budget', Again__c: '2027-03-01' });
    expect(await org.news()).toMatchObject([
      {
        ...{ type: 'handoff.rejected', reason: 'no_budget' },
        namedDate: '2027-03-01T00:00:00.000Z',
      },
    ]);
  });

  test('the hub’s own task was done', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    const task = { subject: 'Call', body: 'b', dueAt: '2026-11-22T13:00:00Z' };
    await org.call('task.create', { record: { kind: 'lead', id }, owner: GRACE, ...task });
    await org.news();
    org.fake.completeTask('00T000000000001EAA', 'Call');
    expect(checked(await org.news())).toMatchObject([
      { type: 'handoff.worked', activity: 'call', by: user(org, GRACE), subject: subject(id) },
    ]);
  });

  test('a converted lead was accepted, and is a contact now', async () => {
    await using org = await openOrganization();
    const id = lead(org);
    await org.news();
    const { contactId, opportunityId } = org.fake.convertLead(id, GRACE, {
      name: 'Seats',
      amount: 1200,
    });
    const events = checked(await org.news());
    expect(events.filter(({ type }) => type === 'handoff.accepted')).toMatchObject([
      { by: user(org, GRACE), subject: subject(id, contactId) },
    ]);
    const opportunity = {
      ref: { connection: 'sf', kind: 'opportunity', id: opportunityId },
      name: 'Seats',
      stage: 'Prospecting',
      amountMinor: 120000,
      currency: 'EUR',
      outcome: 'open',
      owner: GRACE,
    };
    const account = { connection: 'sf', kind: 'account', id: expect.any(String) };
    const contact = { external: [...subject(contactId).external, account] };
    expect(events.filter(({ type }) => type === 'opportunity.changed')).toMatchObject([
      { subject: contact, opportunity },
      { subject: contact, opportunity },
    ]);

    org.fake.closeDeal(opportunityId ?? '', true);
    expect(await org.news()).toMatchObject([
      { opportunity: { ...opportunity, stage: 'Closed Won', outcome: 'won' } },
    ]);
  });

  test('an opportunity is about the primary contact, whoever was first', async () => {
    await using org = await openOrganization();
    const [other, primary] = ['o@buyer.test', ZOE].map((Email) =>
      org.fake.createContact({ Email, LastName: 'Z' }, ADA),
    );
    const id = org.fake.openDeal({ name: 'Seats', amount: 1, owner: ADA });
    expect((await org.news()).filter(({ type }) => type === 'opportunity.changed')).toEqual([]);
    org.fake.linkDeal(id, other ?? '', ADA, false);
    org.fake.linkDeal(id, primary ?? '', ADA, true);
    await org.news();
    org.fake.closeDeal(id, false);
    expect(await org.news()).toMatchObject([
      { subject: subject(primary ?? ''), opportunity: { outcome: 'lost' } },
    ]);
  });
});

describe('Salesforce tells nothing', () => {
  const works = async (org: Organization) => {
    const { record } = (await org.call('person.upsert', { facts: { email: ZOE } })) as {
      record: { id: string };
    };
    await org.call('person.assign', { record, owner: ADA, status: 'accepted' });
    const task = { record, owner: ADA, subject: 'a', body: 'b', dueAt: '2026-11-22T13:00:00Z' };
    await org.call('task.close', await org.call('task.create', task));
    return record;
  };

  test('of what the hub itself wrote, known by the client’s name', async () => {
    await using org = await openOrganization();
    await works(org);
    expect(org.fake.sent).toHaveLength(4);
    expect(await org.news()).toEqual([]);
  });

  test('of what the hub’s user wrote, though the client’s name is lost', async () => {
    await using org = await openOrganization();
    await works(org);
    const nameless = org.fake.sent.map((one) => ({
      ...one,
      body: one.body.replace(/;client=\w+/, ''),
    }));
    const heard = async (integrationUserId?: string) => {
      await using other = await openOrganization({
        settings: integrationUserId === undefined ? {} : { integrationUserId },
      });
      await works(other);
      return (await Promise.all(nameless.map((one) => other.translate(received(one))))).flat();
    };
    expect(await heard(org.fake.integrationUserId)).toEqual([]);
    expect((await heard()).length).toBeGreaterThan(0);
  });

  test('of what another client wrote is not so', async () => {
    await using org = await openOrganization({ settings: { clientName: 'Baton2' } });
    await works(org);
    const renamed = org.fake.sent.map((one) => ({
      ...one,
      body: one.body.replace('=Baton2', '=Baton'),
    }));
    const events = (await Promise.all(renamed.map((one) => org.translate(received(one))))).flat();
    expect(events.length).toBeGreaterThan(0);
  });
});
