import { failure } from '#connectors/marketo/failure.ts';
import { ADA, ADA_OF_ACME, connect, MORNING } from './marketo-connection.ts';

describe('leads', () => {
  test('an upsert creates a lead, the same again finds it and changes nothing', async () => {
    await using map = await connect();
    const first = await map.call('person.upsert', ADA);
    const again = await map.call('person.upsert', ADA);

    expect(first).toEqual({ record: { kind: 'lead', id: '1' }, created: true });
    expect(again).toEqual({ record: { kind: 'lead', id: '1' }, created: false });
    expect(map.fake.writes).toHaveLength(1);
    expect(map.fake.leads.get(1)).toMatchObject({ firstName: 'Ada' });
  });

  test('an owner is never written', async () => {
    await using map = await connect();
    await map.call('person.upsert', { ...ADA, facts: { ...ADA.facts, owner: 'sue@acme.example' } });
    expect(JSON.stringify([...map.fake.leads.values()])).not.toContain('sue@');
  });

  test('facts go into the fields that the connection names', async () => {
    await using map = await connect(
      {},
      { fields: { selfReportedSource: 'heardOfUs', company: '' } },
    );
    await map.call('person.upsert', {
      email: ADA.email,
      facts: { company: 'Acme', selfReportedSource: 'a podcast' },
    });
    expect(map.fake.leads.get(1)).toEqual({ id: 1, email: ADA.email, heardOfUs: 'a podcast' });
  });

  test('concurrent upserts of one address make one lead', async () => {
    await using map = await connect({ upsertGapMs: 30 });
    const answers = await Promise.all(
      ['ada@acme.example', 'ADA@acme.example', 'ada@acme.example'].map((email) =>
        map.call('person.upsert', { email, facts: {} }),
      ),
    );
    expect(
      new Set(answers.map((one) => JSON.stringify((one as { record: object }).record))),
    ).toEqual(new Set(['{"kind":"lead","id":"1"}']));
    expect(map.fake.leads.size).toBe(1);
  });

  test('the fake itself makes two leads of two concurrent upserts, as Marketo does', async () => {
    await using map = await connect({ upsertGapMs: 30 });
    const token = await fetchToken(map.url);
    const upsert = () =>
      fetch(`${map.url}/rest/v1/leads.json`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ input: [{ email: 'ada@acme.example' }] }),
      });
    await Promise.all([upsert(), upsert()]);
    expect(map.fake.leads.size).toBe(2);
  });

  test('a lead whose company is fixed is written without its company', async () => {
    await using map = await connect({}, { companies: 'with-lead' });
    map.fake.skip(ADA.email, '1021');
    await map.call('person.upsert', ADA_OF_ACME);
    expect(map.fake.leads.get(1)).toEqual({ id: 1, email: ADA.email, firstName: 'Ada' });
  });

  test('a lead known by its id is updated, though its address changes', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'old@acme.example' });
    const record = { kind: 'lead', id: String(id) };
    await expect(map.call('person.upsert', { ...ADA, record })).resolves.toEqual({
      record,
      created: false,
    });
    expect([...map.fake.leads.values()]).toMatchObject([{ email: ADA.email, firstName: 'Ada' }]);
  });

  test('a lead that was merged away is found again by its address', async () => {
    await using map = await connect();
    map.fake.addLead({ email: ADA.email });
    const merged = { kind: 'lead', id: '4711' };
    await expect(map.call('person.upsert', { ...ADA, record: merged })).resolves.toEqual({
      record: { kind: 'lead', id: '1' },
      created: false,
    });
  });

  test('a lead without an address can not be found or made', async () => {
    await using map = await connect();
    await expect(map.call('person.upsert', { facts: { firstName: 'Ada' } })).rejects.toMatchObject({
      kind: 'data',
      code: 'marketo_email_missing',
    });
  });

  test('an address is found with every lead that has it, and nobody is an empty answer', async () => {
    await using map = await connect();
    map.fake.addLead({ email: 'ada@acme.example' });
    map.fake.addLead({ email: 'ada@acme.example' });
    await expect(map.call('person.find', { email: 'ada@acme.example' })).resolves.toMatchObject({
      records: [{ id: '1' }, { id: '2' }],
    });
    await expect(map.call('person.find', { email: 'bob@acme.example' })).resolves.toEqual({
      records: [],
    });
    map.fake.refuseNext('702');
    await expect(map.call('person.find', { email: 'ada@acme.example' })).resolves.toEqual({
      records: [],
    });
  });
});

describe('lists, campaigns and activities', () => {
  test('a lead goes on a list by its id or its name, and off it again', async () => {
    await using map = await connect({ lists: [1001] }, { lists: { educate: '1001' } });
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    const record = { kind: 'lead', id: String(id) };

    await expect(map.call('list.add', { record, list: 'educate' })).resolves.toEqual({
      added: true,
    });
    await map.call('list.add', { record, list: '1001' });
    expect(map.fake.writes).toHaveLength(1);
    await expect(map.call('list.remove', { record, list: 'educate' })).resolves.toEqual({
      removed: true,
    });
    await expect(map.call('list.remove', { record, list: 'educate' })).resolves.toEqual({
      removed: false,
    });
    expect(map.fake.lists.get(1001)?.size).toBe(0);
  });

  test.each([
    ['a name that no setting knows', 'win-back', 'config', 'marketo_list_unknown'],
    ['an id that Marketo does not know', '4711', 'config', 'marketo_list_unknown'],
  ])('%s is an error of the playbook', async (_case, list, kind, code) => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    const input = { record: { kind: 'lead', id: String(id) }, list };
    await expect(map.call('list.add', input)).rejects.toMatchObject({ kind, code });
  });

  test('a campaign is requested with its tokens in braces', async () => {
    await using map = await connect();
    await map.call('campaign.request', {
      record: { kind: 'lead', id: '7' },
      campaign: '2001',
      tokens: { 'my.message': 'hello' },
    });
    expect(map.fake.writes[0]).toMatchObject({
      verb: 'campaign.request',
      target: 'lead 7',
      detail: { campaign: 2001, tokens: [{ name: '{{my.message}}', value: 'hello' }] },
    });
  });

  test('an activity whose answer was lost is found and not written twice', async () => {
    await using map = await connect({}, { activity: { type: 100001 } });
    const { id } = map.fake.addLead({ email: 'ada@acme.example' });
    const entry = {
      record: { kind: 'lead', id: String(id) },
      at: '2026-11-22T08:59:00.250Z',
      title: 'Handed back: no budget',
    };
    const written = await map.call('activity.record', entry);
    await expect(map.call('activity.record', entry, true)).resolves.toEqual(written);
    await map.call('activity.record', { ...entry, title: 'Handed back: bad timing' }, true);
    expect(map.fake.writes.map(({ detail }) => detail['primaryAttributeValue'])).toEqual([
      'Handed back: no budget',
      'Handed back: bad timing',
    ]);
  });
});

describe('tokens', () => {
  test.each(['expired', 'unknown'] as const)(
    'one that is %s is fetched anew once for all callers, and each call repeated',
    async (how) => {
      await using map = await connect();
      await map.call('person.find', { email: 'x@acme.example' });
      map.fake.endTokens(how);

      const emails = Array.from({ length: 8 }, (_, index) => `p${index}@acme.example`);
      await Promise.all(emails.map((email) => map.call('person.upsert', { email, facts: {} })));

      expect(map.fake.tokensIssued()).toBe(2);
      expect(map.fake.tokensAsked()).toBe(2);
      expect(map.fake.leads.size).toBe(8);
    },
  );

  test('a refusal that comes late does not throw the fresh token away', async () => {
    await using map = await connect({ upsertGapMs: 200 });
    await map.call('person.find', { email: 'x@acme.example' });
    // Refused after the upsert's wait, when the other caller has long fetched a fresh token.
    map.fake.refuseLate('602');
    const slow = map.call('person.upsert', ADA);
    while (map.fake.recentCalls() < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    map.fake.endTokens('expired');
    await map.call('person.find', { email: 'x@acme.example' });
    await slow;
    expect(map.fake.tokensAsked()).toBe(2);
  });

  test('is fetched again before it runs out', async () => {
    await using map = await connect();
    await map.call('person.find', { email: 'x@acme.example' });
    map.clock.now = new Date(MORNING.getTime() + 3_600_000);
    await map.call('person.find', { email: 'x@acme.example' });
    expect(map.fake.tokensIssued()).toBe(2);
  });

  test('a token refused twice is an error of the credentials', async () => {
    await using map = await connect();
    map.fake.refuseNext('601', '601');
    await expect(map.call('person.find', { email: 'x@acme.example' })).rejects.toMatchObject({
      kind: 'auth',
      code: 'marketo_token_refused',
    });
  });

  test('a wrong client secret is an error of the credentials', async () => {
    await using map = await connect();
    const answer = { status: 401, headers: {}, body: { error: 'invalid_client' } };
    const refused = await fetch(
      `${map.url}/identity/oauth/token?client_id=client&client_secret=no`,
    );
    expect(refused.status).toBe(answer.status);
    expect(failure(answer)).toMatchObject({ kind: 'auth', code: 'marketo_client_refused' });
  });
});

async function fetchToken(url: string): Promise<string> {
  const query = 'grant_type=client_credentials&client_id=client&client_secret=secret';
  const answer = await fetch(`${url}/identity/oauth/token?${query}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}
