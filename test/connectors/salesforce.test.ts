import { ADA, GRACE, openOrganization } from './salesforce-organization.ts';

const ZOE = {
  email: "zoe.o'hara@buyer.test",
  firstName: 'Zoë',
  lastName: "O'Hara",
  company: 'Buyer',
};
const task = (record: unknown, owner = ADA) => ({
  record,
  owner,
  subject: 'Call Zoë',
  body: 'She asked for a demo.',
  dueAt: '2026-11-22T13:00:00Z',
});

describe('Salesforce’s operations', () => {
  test('make a lead once and change it the second time', async () => {
    await using org = await openOrganization();
    const first = await org.call('person.upsert', { facts: ZOE });
    const second = await org.call('person.upsert', { facts: { ...ZOE, title: 'CEO' } });
    const record = { kind: 'lead', id: '00Q000000000001EAA' };
    expect(first).toEqual({ record, created: true });
    expect(second).toEqual({ record, created: false });
    expect(org.fake.row(record.id)).toMatchObject({ LastName: "O'Hara", Title: 'CEO' });
  });

  test('assign owner and status in one write that no assignment rule overrules', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLeadFromForm({ email: ZOE.email, lastName: 'O', company: 'B' });
    const record = { kind: 'lead', id };
    const answer = await org.call('person.assign', { record, owner: ADA, status: 'accepted' });
    expect(answer).toEqual({ ownerId: org.fake.userId(ADA) });
    expect(org.fake.writes).toEqual([
      {
        verb: 'person.assign',
        target: id,
        at: '2026-11-22T09:00:00.000Z',
        detail: { OwnerId: org.fake.userId(ADA), Status: 'Working - Contacted' },
      },
    ]);
  });

  test('make one task under one key, however often, and close it', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLeadFromForm({ email: ZOE.email, lastName: 'O', company: 'B' });
    const record = { kind: 'lead', id };
    org.fake.faults.answersToLose = 1;
    await expect(org.call('task.create', task(record), 'k1')).rejects.toMatchObject({
      kind: 'retry',
      outcomeUnknown: true,
    });
    const answer = await org.call('task.create', task(record), 'k1', true);
    expect(answer).toEqual({ task: { kind: 'task', id: '00T000000000001EAA' } });
    expect(org.fake.openTasks(ADA)).toEqual([
      { id: '00T000000000001EAA', whoId: id, dueAt: '2026-11-22T13:00:00.000Z' },
    ]);
    await org.call('task.close', answer);
    expect(org.fake.openTasks()).toEqual([]);
    expect(org.fake.writes.map(({ verb }) => verb)).toEqual(['task.create', 'task.close']);
  });

  test('follow a converted lead to its contact', async () => {
    await using org = await openOrganization();
    const id = org.fake.createLead({ Email: ZOE.email, LastName: 'O', Company: 'Buyer' }, ADA);
    const deal = { name: 'Seats', amount: 1234.5 };
    const { contactId, opportunityId } = org.fake.convertLead(id, GRACE, deal);
    const lead = { kind: 'lead', id };
    const contact = { kind: 'contact', id: contactId };

    expect(await org.call('person.upsert', { facts: ZOE })).toEqual({
      record: contact,
      created: false,
    });
    expect(await org.call('person.read', { record: lead })).toEqual({
      record: contact,
      facts: {
        email: ZOE.email,
        firstName: 'Zoë',
        lastName: "O'Hara",
        company: 'Buyer',
        owner: GRACE,
      },
    });
    await org.call('person.assign', { record: lead, owner: ADA, status: 'assigned' });
    expect(org.fake.row(contactId)).toMatchObject({ OwnerId: org.fake.userId(ADA) });
    await org.call('task.create', task(lead));
    expect(org.fake.openTasks(ADA)).toMatchObject([{ whoId: contactId }]);
    expect(await org.call('opportunity.find', { record: lead })).toEqual({
      opportunities: [
        {
          id: opportunityId,
          name: 'Seats',
          stage: 'Prospecting',
          amountMinor: 123450,
          currency: 'EUR',
          outcome: 'open',
          contacts: [contactId],
        },
      ],
    });
  });
});
