import { salesforceFailure, sessionRefused } from '#connectors/salesforce/failure.ts';
import { ADA, GRACE, openOrganization } from './salesforce-organization.ts';

const ZOE = { email: 'zoe@buyer.test', lastName: 'Zoe', company: 'Buyer' };
const lead = (org: Awaited<ReturnType<typeof openOrganization>>, more: object = {}) => ({
  kind: 'lead',
  id: org.fake.createLead({ Email: ZOE.email, LastName: 'Zoe', Company: 'Buyer', ...more }, ADA),
});

describe('Pain 9: clients that try again by themselves for many seconds', () => {
  test.each([['a server that is down', { outageUntil: new Date('2026-11-22T10:00:00Z') }]])(
    '%s is asked once, and the queue decides when to ask again',
    async (_, state) => {
      let calls = 0;
      await using org = await openOrganization({
        between: () => async (context, next) => {
          if (context.req.path.includes('/services/data/')) calls += 1;
          await next();
        },
      });
      const record = lead(org);
      await org.call('person.read', { record });
      calls = 0;
      Object.assign(org.fake, state);
      await expect(org.call('person.read', { record })).rejects.toMatchObject({ kind: 'retry' });
      expect(calls).toBe(1);
    },
  );
});

describe('Pain 10: rows locked by parallel writes', () => {
  test('waits differ from call to call, so that those who met do not meet again', () => {
    const body = [
      { errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' },
    ];
    const waits = Array.from({ length: 20 }, (_, index) => {
      const headers = { 'x-sfdc-request-id': `r-${index}` };
      return salesforceFailure({ status: 400, headers, body })?.retryAfterMs ?? 0;
    });
    expect(new Set(waits).size).toBeGreaterThan(15);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
    expect(Math.max(...waits)).toBeLessThan(4_000);
  });

  test('contacts of one account are written one after the other within a call', async () => {
    let sent: string[] = [];
    await using org = await openOrganization({
      between: () => async (context, next) => {
        const text = context.req.method === 'POST' ? await context.req.raw.clone().text() : '';
        if (text.includes('/composite/sobjects')) {
          const { records } = JSON.parse(text).compositeRequest[0].body;
          sent = records.map(({ id }: { id: string }) => id);
        }
        await next();
      },
    });
    const accounts = ['One', 'Two'].map((Name) => org.fake.createAccount({ Name }, ADA));
    const contacts = [0, 1, 0, 1].map((account, index) =>
      org.fake.createContact(
        { Email: `c${index}@buyer.test`, LastName: 'C', AccountId: accounts[account] ?? '' },
        ADA,
      ),
    );
    const people = contacts.map((_, index) => ({
      key: String(index),
      facts: { email: `c${index}@buyer.test`, title: 'CEO' },
    }));
    await org.call('people.upsert', { people });
    const accountOf = (id: string) => org.fake.row(id)?.['AccountId'];
    expect(sent.map(accountOf)).toEqual([accounts[0], accounts[0], accounts[1], accounts[1]]);
  });
});

describe('Pain 11: endless log-ins, and many at once', () => {
  test('all who are refused share one log-in, and repeat their call once', async () => {
    await using org = await openOrganization();
    const record = lead(org);
    await org.call('person.read', { record });
    org.fake.endSessions();
    await Promise.all(Array.from({ length: 6 }, () => org.call('person.read', { record })));
    expect(org.fake.sessionsOpened()).toBe(2);
  });

  test('what a new session does not help against is no reason to log in', () => {
    const refused = (status: number, errorCode: string) =>
      sessionRefused({ status, headers: {}, body: [{ errorCode, message: 'no' }] });
    expect(refused(401, 'INVALID_SESSION_ID')).toBe(true);
    expect(refused(403, 'API_DISABLED_FOR_ORG')).toBe(false);
    expect(refused(403, 'REQUEST_LIMIT_EXCEEDED')).toBe(false);
  });
});

describe('Pain 12: leads that were converted', () => {
  const writes: [string, object][] = [
    ['person.upsert', { facts: { ...ZOE, title: 'CEO' } }],
    ['person.assign', { owner: ADA, status: 'assigned' }],
    ['person.status', { status: 'working' }],
    ['note.create', { text: 'Hello' }],
    ['activity.record', { at: '2026-11-22T08:00:00Z', title: 'Read the price list' }],
    ['campaign.add', { campaign: '701000000000001AAA' }],
  ];
  test.each(writes)('%s goes to the contact', async (operation, input) => {
    await using org = await openOrganization();
    const record = lead(org);
    const { contactId } = org.fake.convertLead(record.id, GRACE);
    const before = { ...org.fake.row(record.id) };
    await org.call(operation, { record, ...input });
    expect(org.fake.row(record.id)).toEqual(before);
    const told = JSON.stringify(org.fake.writes);
    expect(operation === 'person.status' || told.includes(contactId) || told.includes('note')).toBe(
      true,
    );
  });

  test('a record that was merged away is followed to the winner, and from there to its contact', async () => {
    await using org = await openOrganization();
    const [winner, loser] = [lead(org), lead(org, { Email: 'other@buyer.test' })];
    org.fake.mergeLeads(winner.id, loser.id, ADA);
    await org.call('person.status', { record: loser, status: 'nurture' });
    expect(org.fake.row(winner.id)).toMatchObject({ Status: 'Nurture' });
    const { contactId } = org.fake.convertLead(winner.id, ADA);
    await org.call('person.assign', { record: loser, owner: GRACE, status: 'assigned' });
    expect(org.fake.row(contactId)).toMatchObject({ OwnerId: org.fake.userId(GRACE) });
  });
});

describe('Pain 13: upserts by address', () => {
  test('two leads with one address are no error, and none is made', async () => {
    await using org = await openOrganization();
    const [, second] = [lead(org), lead(org)];
    const answer = await org.call('person.upsert', { facts: ZOE });
    expect(answer).toEqual({ record: expect.objectContaining({ kind: 'lead' }), created: false });
    expect(org.fake.row(second.id)).toBeDefined();
    expect(org.fake.writes.filter(({ detail }) => detail['created'] === true)).toEqual([]);
  });

  test('several records under one external id are left to a person', async () => {
    await using org = await openOrganization();
    await org.call('person.upsert', { facts: { email: 'a@b.test' } });
    const [made] = org.fake.writes;
    const key = { Hub_Id__c: made?.key ?? '' };
    lead(org, { ...key, Email: 'else@b.test' });
    org.fake.changeFields(made?.target ?? '', { Email: 'moved@b.test' }, ADA);
    await expect(org.call('person.upsert', { facts: { email: 'a@b.test' } })).rejects.toMatchObject(
      {
        kind: 'data',
        code: 'salesforce_several_matches',
      },
    );
  });
});

describe('Pain 15: owners overruled, and fields that differ by organisation', () => {
  test('no assignment rule overrules the owner, within a composite call either', async () => {
    await using org = await openOrganization();
    const record = lead(org);
    await org.call('person.assign', { record, owner: GRACE, status: 'assigned' });
    expect(org.fake.row(record.id)).toMatchObject({ OwnerId: org.fake.userId(GRACE) });
  });

  test('an automation that gives the lead to somebody else is found out', async () => {
    await using org = await openOrganization({ fake: { ownerTrigger: ADA } });
    const record = lead(org);
    await expect(
      org.call('person.assign', { record, owner: GRACE, status: 'assigned' }),
    ).rejects.toMatchObject({ kind: 'config', code: 'salesforce_owner_overruled' });
  });

  test('facts are written to and read from the fields that the connection names', async () => {
    await using org = await openOrganization({
      settings: { fields: { lead: { title: 'Role__c' } } },
      fake: { customFields: { Lead: ['Role__c'] } },
    });
    const { record } = (await org.call('person.upsert', {
      facts: { ...ZOE, title: 'CEO' },
    })) as { record: { id: string } };
    expect(org.fake.row(record.id)).toMatchObject({ Role__c: 'CEO' });
    expect(org.fake.row(record.id)).not.toHaveProperty('Title');
    expect(await org.call('person.read', { record })).toMatchObject({ facts: { title: 'CEO' } });
  });
});
