import { FaultScript } from '#connectors/kit/faults.ts';
import {
  ADA,
  contactOf,
  GRACE,
  leadOf,
  openOrganization,
  START,
  ZOE,
} from './salesforce-organization.ts';

interface Outcomes {
  outcomes: {
    key: string;
    record?: { kind: string; id: string };
    created?: boolean;
    refused?: { code: string };
  }[];
}
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    key: `k${index}`,
    facts: { email: `p${index}@buyer.test`, title: 'CEO' },
  }));

describe('Many people at once', () => {
  test('are two calls for two hundred, in order, however often', async () => {
    await using org = await openOrganization();
    const known = org.fake.createLead({ Email: 'p3@buyer.test', LastName: 'P', Company: 'B' }, ADA);
    const calls = org.fake.apiCalls();
    const first = (await org.call('people.upsert', { people: people(200) })) as Outcomes;
    expect(org.fake.apiCalls() - calls).toBe(2);
    expect(first.outcomes.map(({ key }) => key)).toEqual(people(200).map(({ key }) => key));
    expect(first.outcomes[3]).toEqual({
      key: 'k3',
      record: { kind: 'lead', id: known },
      created: false,
    });
    expect(first.outcomes.filter(({ created }) => created)).toHaveLength(199);
    const again = (await org.call('people.upsert', { people: people(200) })) as Outcomes;
    expect(again.outcomes.map(({ record }) => record)).toEqual(
      first.outcomes.map(({ record }) => record),
    );
    expect(again.outcomes.filter(({ created }) => created)).toEqual([]);
  });

  test('are no more than two hundred', async () => {
    await using org = await openOrganization();
    await expect(org.call('people.upsert', { people: people(201) })).rejects.toMatchObject({
      code: 'schema_refused',
    });
  });

  test('do not suffer from one whom a rule refuses', async () => {
    await using org = await openOrganization();
    const some = [
      ...people(2),
      { key: 'bad', facts: { email: 'no address' } },
      { key: 'nameless', facts: { company: 'Buyer' } },
    ];
    const { outcomes } = (await org.call('people.upsert', { people: some })) as Outcomes;
    expect(outcomes).toMatchObject([
      { key: 'k0', created: true },
      { key: 'k1', created: true },
      { key: 'bad', refused: { code: 'salesforce_record_refused' } },
      { key: 'nameless', created: true },
    ]);
  });

  test('of whom one is locked or refused are told so, and the others are written', async () => {
    const faults = new FaultScript(
      [{ fault: 'partial', times: 1 }],
      () => START,
      () => 0,
    );
    await using org = await openOrganization({ fake: { faults } });
    org.fake.faults.locksLeft = 1;
    const { outcomes } = (await org.call('people.upsert', { people: people(3) })) as Outcomes;
    expect(outcomes.map(({ refused, created }) => refused?.code ?? created)).toEqual([
      'salesforce_record_refused',
      'salesforce_record_locked',
      true,
    ]);
  });

  test('follow conversions, merges, duplicates and each other', async () => {
    await using org = await openOrganization({ fake: { duplicateRule: true } });
    const lead = (Email: string, more: object = {}) =>
      org.fake.createLead({ Email, LastName: 'P', Company: 'B', ...more }, ADA);
    const [converted, winner, loser] = [lead('a@b.test'), lead('c@b.test'), lead('d@b.test')];
    const twin = lead('e@home.test', { Phone: '+49 30 1' });
    const { contactId } = org.fake.convertLead(converted, ADA);
    org.fake.mergeLeads(winner, loser, ADA);
    const { outcomes } = (await org.call('people.upsert', {
      people: [
        { key: 'converted', facts: { title: 'CEO' }, record: { kind: 'lead', id: converted } },
        { key: 'merged', facts: { title: 'CFO' }, record: { kind: 'lead', id: loser } },
        { key: 'twin', facts: { email: 'e@work.test', phone: '+49 30 1', title: 'CTO' } },
        { key: 'new', facts: { email: 'f@b.test' } },
        { key: 'again', facts: { email: 'F@b.test', title: 'COO' } },
      ],
    })) as Outcomes;
    expect(outcomes.slice(0, 3)).toEqual([
      { key: 'converted', record: { kind: 'contact', id: contactId }, created: false },
      { key: 'merged', record: { kind: 'lead', id: winner }, created: false },
      { key: 'twin', record: { kind: 'lead', id: twin }, created: false },
    ]);
    expect(outcomes.slice(3).map(({ created }) => created)).toEqual([true, false]);
    expect(outcomes[3]?.record).toEqual(outcomes[4]?.record);
    expect(org.fake.row(outcomes[4]?.record?.id ?? '')).toMatchObject({ Title: 'COO' });
    expect(org.fake.row(twin)).toMatchObject({ Title: 'CTO', Email: 'e@home.test' });
  });
});

describe('Salesforce finds', () => {
  test('leads and contacts by address: the open ones, then what a lead became', async () => {
    await using org = await openOrganization();
    const contact = contactOf(org);
    const converted = leadOf(org);
    const open = leadOf(org, { Email: ZOE.toUpperCase() });
    const { contactId } = org.fake.convertLead(converted.id, ADA);
    expect(await org.call('person.find', { email: ZOE })).toEqual({
      records: [open, { kind: 'contact', id: contactId }, contact],
    });
    expect(await org.call('person.find', { email: "o'nobody@b.test" })).toEqual({ records: [] });
  });

  test('an owner by the field that the settings name, and refuses who left', async () => {
    await using org = await openOrganization({
      settings: { ownerField: 'Username' },
      fake: { inactiveUsers: ['left@acme.test'] },
    });
    expect(await org.call('owner.find', { email: ADA })).toEqual({ ownerId: org.fake.userId(ADA) });
    await expect(org.call('owner.find', { email: 'left@acme.test' })).rejects.toMatchObject({
      kind: 'config',
      code: 'salesforce_owner_inactive',
    });
    await expect(org.call('owner.find', { email: 'x@acme.test' })).rejects.toMatchObject({
      code: 'salesforce_owner_unknown',
    });
  });

  test('that a user who was found before has left, and asks again afterwards', async () => {
    await using org = await openOrganization();
    const record = leadOf(org);
    const assign = () => org.call('person.assign', { record, owner: GRACE, status: 'assigned' });
    await assign();
    org.fake.setActive(GRACE, false);
    org.fake.changeOwner(record.id, ADA);
    await expect(assign()).rejects.toMatchObject({ code: 'salesforce_owner_inactive' });
    org.fake.setActive(GRACE, true);
    await expect(assign()).resolves.toEqual({ ownerId: org.fake.userId(GRACE) });
  });
});

test('a contact is where its mailing address is', async () => {
  await using org = await openOrganization();
  const place = { MailingCountry: 'Germany', MailingPostalCode: '10115', MailingCity: 'Berlin' };
  const id = org.fake.createContact({ LastName: 'Z', Email: 'z@buyer.test', ...place }, ADA);
  expect(await org.call('person.read', { record: { kind: 'contact', id } })).toMatchObject({
    facts: { country: 'DE', postcode: '10115', city: 'Berlin' },
  });
});
