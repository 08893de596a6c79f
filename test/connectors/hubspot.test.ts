import { markerOf } from '#connectors/hubspot/marker.ts';
import { ADA, GRACE, openPortal } from './hubspot-portal.ts';

const ZOE = { email: 'zoe@buyer.test', firstName: 'Zoë', company: 'Buyer & Sons' };
const task = (record: unknown, owner = ADA) => ({
  record,
  owner,
  subject: 'Call Zoë',
  body: 'She asked for a demo.',
  dueAt: '2026-11-22T13:00:00Z',
});

describe.each(['v3', '2026-09'])(
  'HubSpot’s operations over version %s of its API',
  (apiVersion) => {
    const portal = () => openPortal({ settings: { apiVersion } });

    test('make a contact once and change it the second time', async () => {
      await using desk = await portal();
      const first = await desk.call('person.upsert', { facts: ZOE });
      const second = await desk.call('person.upsert', { facts: { ...ZOE, title: 'CEO' } });
      expect(first).toEqual({ record: { kind: 'contact', id: '1001' }, created: true });
      expect(second).toEqual({ record: { kind: 'contact', id: '1001' }, created: false });
      expect(desk.fake.contact('1001')?.properties).toMatchObject({
        email: 'zoe@buyer.test',
        firstname: 'Zoë',
        jobtitle: 'CEO',
      });
    });

    test('assign owner and status in one write', async () => {
      await using desk = await portal();
      const id = desk.fake.createContact({ email: ZOE.email });
      const record = { kind: 'contact', id };
      const answer = await desk.call('person.assign', { record, owner: ADA, status: 'assigned' });
      expect(answer).toEqual({ ownerId: '301' });
      expect(desk.fake.writes).toEqual([
        {
          verb: 'person.assign',
          target: id,
          at: '2026-11-22T09:00:00.000Z',
          detail: { hubspot_owner_id: '301', hs_lead_status: 'NEW' },
        },
      ]);
    });

    test('make a task, find it after a lost answer, and close it', async () => {
      await using desk = await portal();
      const record = { kind: 'contact', id: desk.fake.createContact({ email: ZOE.email }) };
      desk.fake.faults.answersToLose = 1;
      await expect(desk.call('task.create', task(record), 'k1')).rejects.toMatchObject({
        kind: 'retry',
        outcomeUnknown: true,
      });
      const found = await desk.call('task.create', task(record), 'k1', true);
      expect(found).toEqual({ task: { kind: 'task', id: '5001' } });
      expect(desk.fake.openTasks(ADA)).toEqual([
        { id: '5001', contactId: record.id, dueAt: '2026-11-22T13:00:00.000Z' },
      ]);
      expect(desk.fake.writes.map(({ key }) => key)).toEqual([markerOf('k1').slice(1, -1)]);

      await desk.call('task.close', { task: { kind: 'task', id: '5001' } });
      expect(desk.fake.openTasks()).toEqual([]);
    });

    test('read what people did with a contact', async () => {
      await using desk = await portal();
      const id = desk.fake.createContactFromForm({
        email: ZOE.email,
        form: 'Pricing: Contact sales',
        message: 'We need 50 seats.',
        properties: { firstname: 'Zoë', hs_country_region_code: 'de', company: 'Buyer' },
      });
      desk.fake.changeOwner(id, GRACE);
      const answer = await desk.call('person.read', { record: { kind: 'contact', id } });
      expect(answer).toEqual({
        record: { kind: 'contact', id },
        facts: {
          email: ZOE.email,
          firstName: 'Zoë',
          company: 'Buyer',
          country: 'DE',
          owner: GRACE,
        },
      });
    });

    test('put a contact on a list and take it off, whether it is on it or not', async () => {
      await using desk = await portal();
      const record = { kind: 'contact', id: desk.fake.createContact({ email: ZOE.email }) };
      const answers = [];
      for (const verb of ['list.add', 'list.add', 'list.remove', 'list.remove']) {
        answers.push(await desk.call(verb, { record, list: '77' }));
      }
      expect(answers).toEqual([
        { added: true },
        { added: false },
        { removed: true },
        { removed: false },
      ]);
    });

    test('read and search deals', async () => {
      await using desk = await portal();
      const contactId = desk.fake.createContact({ email: ZOE.email });
      const id = desk.fake.openDeal({
        name: 'Seats',
        amount: '1234.50',
        contactId,
        currency: 'EUR',
      });
      desk.fake.closeDeal(id, true);
      const deal = {
        id,
        name: 'Seats',
        stage: 'Closed won',
        amountMinor: 123450,
        currency: 'EUR',
        outcome: 'won',
      };
      const told = { ...deal, contacts: [contactId] };
      expect(await desk.call('opportunity.read', { id })).toEqual(told);
      const changedSince = '2026-11-22T08:00:00Z';
      expect(await desk.call('opportunity.search', { changedSince })).toEqual({
        opportunities: [told],
      });
    });
  },
);
