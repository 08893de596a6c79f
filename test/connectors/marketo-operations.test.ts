import { ADA, ADA_OF_ACME, type Connected, connect } from './marketo-connection.ts';

const lead = (id: number | string) => ({ kind: 'lead', id: String(id) });

describe('many people at once', () => {
  test('each has an outcome of its own, under the key of the caller', async () => {
    await using map = await connect();
    const { id } = map.fake.addLead({ email: 'old@acme.example' });
    map.fake.skip('odd@acme.example', '1003');
    await expect(
      map.call('people.upsert', {
        people: [
          { key: 'a', email: 'ada@acme.example', facts: { firstName: 'Ada' } },
          { key: 'b', email: 'odd@acme.example', facts: {} },
          { key: 'c', record: lead(id), facts: { firstName: 'Old' } },
          { key: 'd', facts: { firstName: 'Nobody' } },
          { key: 'e', email: 'zoë@acme.example', facts: {} },
          { key: 'f', record: lead(4711), facts: {} },
        ],
      }),
    ).resolves.toMatchObject({
      outcomes: [
        { key: 'a', record: lead(2), created: true },
        { key: 'b', refused: { code: 'marketo_value_refused' } },
        { key: 'c', record: lead(id), created: false },
        { key: 'd', refused: { code: 'marketo_email_missing' } },
        { key: 'e', refused: { code: 'marketo_email_not_ascii' } },
        { key: 'f', refused: { code: 'marketo_lead_not_found' } },
      ],
    });
  });

  test('an address that is there twice makes one lead', async () => {
    await using map = await connect({ upsertGapMs: 5 });
    const twice = ['Ada@acme.example', 'ada@acme.example'];
    const people = twice.map((email, index) => ({ key: String(index), email, facts: {} }));
    await expect(map.call('people.upsert', { people })).resolves.toMatchObject({
      outcomes: [{ created: true }, { created: false, record: lead(1) }],
    });
    expect(map.fake.leads.size).toBe(1);
  });

  test('three hundred cost as few calls as one', async () => {
    await using map = await connect();
    const people = Array.from({ length: 300 }, (_, index) => ({
      key: String(index),
      email: `p${index}@acme.example`,
      facts: { company: 'Acme' },
    }));
    await map.call('people.upsert', { people });
    // The company they share, the leads, and a look for twins.
    expect(map.fake.recentCalls()).toBe(3);
    expect(map.fake.leads.size).toBe(300);
    await expect(
      map.call('people.find', { emails: people.map(({ email }) => email) }),
    ).resolves.toMatchObject({ people: { length: 300 } });
  });

  test('a body of more than a million bytes goes in two calls', async () => {
    await using map = await connect();
    const people = Array.from({ length: 300 }, (_, index) => ({
      key: String(index),
      email: `p${index}@acme.example`,
      facts: { title: 'x'.repeat(4_000) },
    }));
    await map.call('people.upsert', { people });
    expect(map.fake.leads.size).toBe(300);
  });
});

describe('two leads with one address', () => {
  test('that somebody else makes at the same moment become one', async () => {
    await using here = await connect({ upsertGapMs: 40 });
    const elsewhere = here.fake;
    const mine = here.call('person.upsert', ADA);
    // A form is filled in between our look and our write.
    while (here.fake.recentCalls() < 1) await new Promise((resolve) => setTimeout(resolve, 1));
    const other = elsewhere.addLead({ email: ADA.email, lastName: 'Lovelace' });
    await expect(mine).resolves.toEqual({ record: lead(other.id), created: false });
    expect([...here.fake.leads.values()]).toMatchObject([
      { id: other.id, firstName: 'Ada', lastName: 'Lovelace' },
    ]);
  });

  test('are merged once, and again is as once', async () => {
    await using map = await connect();
    const [winner, loser] = [{ email: 'a@acme.example' }, { email: 'a@acme.example' }].map(
      (fields) => lead(map.fake.addLead(fields).id),
    );
    const merge = { into: winner, from: [loser] };
    await expect(map.call('person.merge', merge)).resolves.toEqual({ record: winner, merged: 1 });
    await expect(map.call('person.merge', merge)).resolves.toEqual({ record: winner, merged: 0 });
    expect(map.fake.writes.filter(({ verb }) => verb === 'person.merge')).toHaveLength(1);
    await expect(map.call('person.merge', { into: loser, from: [winner] })).rejects.toMatchObject({
      code: 'marketo_lead_not_found',
    });
  });
});

describe('companies', () => {
  test('have records of their own, which their leads are linked with', async () => {
    await using map = await connect();
    await map.call('person.upsert', ADA_OF_ACME);
    await map.call('person.upsert', { ...ADA_OF_ACME, email: 'bob@acme.example' });
    expect([...map.fake.companies.values()]).toEqual([
      { externalCompanyId: 'acme.example', company: 'Acme' },
    ]);
    expect([...map.fake.leads.values()]).toMatchObject([
      { firstName: 'Ada', externalCompanyId: 'acme.example' },
      { externalCompanyId: 'acme.example' },
    ]);
    expect(map.fake.leads.get(1)).not.toHaveProperty('company');
  });

  test.each([
    ['somebody without a company domain', 'ada@gmail.com', {}],
    ['an instance whose CRM owns the companies', 'ada@acme.example', { crmSync: true }],
  ])('of %s stay with the lead', async (_case, email, options) => {
    await using map = await connect(options);
    await map.call('person.upsert', { email, facts: { company: 'Acme' } });
    await map.call('person.upsert', { email, facts: { company: 'Acme & Sons' } });
    expect(map.fake.leads.get(1)).toEqual({ id: 1, email, company: 'Acme & Sons' });
    expect(map.fake.companies.size).toBe(0);
  });
});

describe('owner, status, stage and score', () => {
  const settings = {
    stageField: 'stage',
    reasonField: 'why',
    owners: { 'sue@acme.example': 'S1' },
  };

  async function known(map: Connected) {
    return lead(map.fake.addLead({ email: ADA.email, firstName: 'Ada' }).id);
  }

  test('a salesperson is given a lead by external id', async () => {
    await using map = await connect({ salespeople: ['S1', 'tom@acme.example'] }, settings);
    const record = await known(map);
    const given = { record, owner: 'sue@acme.example', status: 'assigned' };
    await expect(map.call('person.assign', given)).resolves.toEqual({ ownerId: 'S1' });
    await expect(map.call('owner.find', { email: 'tom@acme.example' })).resolves.toEqual({
      ownerId: 'tom@acme.example',
    });
    expect(map.fake.leads.get(1)).toMatchObject({
      externalSalesPersonId: 'S1',
      leadStatus: 'Assigned',
    });
  });

  test.each([
    ['nobody knows', {}, 'marketo_salesperson_unknown'],
    ['a CRM must be told of', { crmSync: true, salespeople: ['S1'] }, 'marketo_owned_by_crm'],
  ])('an owner that %s is refused', async (_case, options, code) => {
    await using map = await connect(options, settings);
    const given = { record: await known(map), owner: 'sue@acme.example', status: 'assigned' };
    await expect(map.call('person.assign', given)).rejects.toMatchObject({ code });
  });

  test('status, reason and score are fields of the lead', async () => {
    await using map = await connect({}, settings);
    const record = await known(map);
    await map.call('person.status', { record, status: 'nurture', reason: 'no-budget' });
    await map.call('person.score', { record, score: 80 });
    expect(map.fake.leads.get(1)).toMatchObject({
      leadStatus: 'Recycled',
      why: 'no-budget',
      leadScore: 80,
    });
    await expect(map.call('person.read', { record })).resolves.toEqual({
      record,
      facts: { email: ADA.email, firstName: 'Ada', status: 'Recycled' },
    });
  });

  test('a stage that a campaign keeps back is seen not to be written', async () => {
    await using free = await connect({}, settings);
    const forwards = { record: await known(free), stage: 'SAL' };
    await expect(free.call('person.stage', forwards)).resolves.toEqual({
      stage: 'SAL',
      written: true,
    });
    await using held = await connect({ ignoredFields: ['stage'] }, settings);
    const back = { record: await known(held), stage: 'Recycled' };
    await expect(held.call('person.stage', back)).resolves.toEqual({ stage: '', written: false });
  });

  test.each([
    ['person.stage', { stage: 'SAL' }, 'marketo_field_unset'],
    ['activity.record', { at: '2026-11-22T09:00:00Z', title: 'x' }, 'marketo_activity_unset'],
  ])('%s needs a setting first', async (operation, input, code) => {
    await using map = await connect();
    const record = await known(map);
    await expect(map.call(operation, { record, ...input })).rejects.toMatchObject({
      kind: 'config',
      code,
    });
  });

  test('a lead that is gone is told as gone', async () => {
    await using map = await connect();
    const gone = { record: lead(4711) };
    await expect(map.call('person.read', gone)).rejects.toMatchObject({
      code: 'marketo_lead_not_found',
    });
    await expect(map.call('person.score', { ...gone, score: 1 })).rejects.toMatchObject({
      code: 'marketo_lead_not_found',
    });
  });
});

describe('lists, programs and visitors', () => {
  test('a list is asked who is on it', async () => {
    await using map = await connect({}, { lists: { educate: '1001' } });
    const record = lead(map.fake.addLead({ email: ADA.email }).id);
    const asked = { record, list: 'educate' };
    await expect(map.call('list.has', asked)).resolves.toEqual({ member: false });
    await map.call('list.add', asked);
    await expect(map.call('list.has', asked)).resolves.toEqual({ member: true });
    await expect(map.call('list.has', { record: lead(9), list: 'educate' })).rejects.toMatchObject({
      code: 'marketo_lead_not_found',
    });
  });

  test('many go on a list and off it, each with an outcome', async () => {
    await using map = await connect();
    const records = Array.from({ length: 299 }, (_, index) =>
      lead(map.fake.addLead({ email: `p${index}@acme.example` }).id),
    );
    const all = { list: '1001', records: [...records, lead(4711)] };
    const added = (await map.call('list.addMany', all)) as { outcomes: object[] };
    expect(added.outcomes).toHaveLength(300);
    expect(added.outcomes[0]).toEqual({ record: records[0], status: 'added' });
    expect(added.outcomes[299]).toMatchObject({ refused: { code: 'marketo_lead_not_found' } });
    expect(map.fake.lists.get(1001)?.size).toBe(299);
    await map.call('list.removeMany', all);
    expect(map.fake.lists.get(1001)?.size).toBe(0);
    expect(map.fake.recentCalls()).toBe(2);
  });

  test('a lead becomes a member of a program, moves in it, and leaves it', async () => {
    await using map = await connect(
      { programs: { 77: ['Invited', 'Attended'] } },
      { programs: { webinar: '77' } },
    );
    const record = lead(map.fake.addLead({ email: ADA.email }).id);
    const member = { record, campaign: 'webinar' };
    await expect(map.call('campaign.add', { ...member, status: 'Invited' })).resolves.toEqual({
      added: true,
    });
    await expect(map.call('campaign.add', { ...member, status: 'Attended' })).resolves.toEqual({
      added: false,
    });
    await expect(
      map.call('campaign.add', { ...member, status: 'Influenced' }),
    ).rejects.toMatchObject({ kind: 'config', code: 'marketo_program_status' });
    await expect(map.call('campaign.remove', member)).resolves.toEqual({ removed: true });
    await expect(map.call('campaign.remove', member)).resolves.toEqual({ removed: false });
    for (const campaign of ['roadshow', '78']) {
      await expect(map.call('campaign.remove', { record, campaign })).rejects.toMatchObject({
        code: 'marketo_program_unknown',
      });
    }
  });

  test('a visitor with a cookie is joined with a lead', async () => {
    await using map = await connect();
    const record = lead(map.fake.addLead({ email: ADA.email }).id);
    const cookie = 'id:287-GTJ-838&token:_mch-marketo.com-1396310362214-46169';
    await map.call('person.associate', { record, cookie });
    expect(map.fake.writes).toMatchObject([{ verb: 'person.associate', detail: { cookie } }]);
  });

  test('an interaction is known again by its key, where its type has room for one', async () => {
    const activity = {
      type: 100001,
      keyAttribute: 'hubKey',
      kindAttribute: 'kind',
      urlAttribute: 'url',
      bodyAttribute: 'body',
    };
    await using map = await connect({}, { activity });
    const entry = {
      record: lead(map.fake.addLead({ email: ADA.email }).id),
      at: '2026-11-22T08:59:00Z',
      title: 'Visited the pricing page',
      kind: 'page-visited',
      url: 'https://acme.example/pricing',
    };
    const written = await map.call('activity.record', entry);
    await expect(map.call('activity.record', entry, true)).resolves.toEqual(written);
    expect(map.fake.writes).toHaveLength(1);
    expect(map.fake.writes[0]?.detail['attributes']).toEqual([
      { apiName: 'hubKey', value: 'effect-1' },
      { apiName: 'kind', value: 'page-visited' },
      { apiName: 'url', value: 'https://acme.example/pricing' },
    ]);
  });
});
