import { ADA, contactOf, GRACE, leadOf, openOrganization } from './salesforce-organization.ts';

type Organization = Awaited<ReturnType<typeof openOrganization>>;
/** API calls that an act costs. */
const costOf = async (org: Organization, act: () => Promise<unknown>) => {
  const before = org.fake.apiCalls();
  await act();
  return org.fake.apiCalls() - before;
};

describe('Salesforce changes', () => {
  test('owner and status and reads the owner back in one call, the owner known', async () => {
    await using org = await openOrganization();
    const record = leadOf(org);
    const assign = () => org.call('person.assign', { record, owner: GRACE, status: 'assigned' });
    expect(await costOf(org, assign)).toBe(2);
    expect(await costOf(org, assign)).toBe(1);
  });

  test('no status that a conversion must set', async () => {
    await using org = await openOrganization({
      settings: { statusMap: { accepted: 'Closed - Converted' } },
    });
    const record = leadOf(org);
    for (const [verb, more] of [
      ['person.status', {}],
      ['person.assign', { owner: ADA }],
    ] as const) {
      await expect(org.call(verb, { record, status: 'accepted', ...more })).rejects.toMatchObject({
        kind: 'config',
        code: 'salesforce_status_converts',
        message: expect.stringContaining('person.convert'),
      });
    }
    expect(org.fake.writes).toEqual([]);
  });

  test('a lifecycle stage both ways, where a field is named', async () => {
    await using org = await openOrganization({
      settings: { stageField: 'Stage__c' },
      fake: { customFields: { Lead: ['Stage__c'] } },
    });
    const record = leadOf(org);
    for (const stage of ['sql', 'mql']) {
      expect(await org.call('person.stage', { record, stage })).toEqual({ stage, written: true });
    }
    await using other = await openOrganization();
    await expect(
      other.call('person.stage', { record: leadOf(other), stage: 'sql' }),
    ).rejects.toMatchObject({ kind: 'config', code: 'salesforce_stage_unmapped' });
  });

  test('a lead to a contact where the API can, once, and says so where it can not', async () => {
    await using org = await openOrganization({ fake: { converts: true } });
    const record = leadOf(org);
    const convert = () =>
      org.call('person.convert', { record, owner: GRACE, opportunity: 'Seats' }) as Promise<{
        record: { id: string };
        opportunity: { id: string };
      }>;
    const first = await convert();
    expect(org.fake.row(first.record.id)).toMatchObject({ OwnerId: org.fake.userId(GRACE) });
    expect(org.fake.row(first.opportunity.id)).toMatchObject({ Name: 'Seats' });
    expect(await convert()).toEqual(first);
    expect(org.fake.writes.map(({ verb }) => verb)).toEqual(['person.convert']);

    await using other = await openOrganization();
    await expect(other.call('person.convert', { record: leadOf(other) })).rejects.toMatchObject({
      kind: 'config',
      code: 'salesforce_conversion_unavailable',
    });
  });
});

describe('Salesforce keeps', () => {
  test('a note with its link or neither, and once although its answer was lost', async () => {
    await using org = await openOrganization();
    const record = leadOf(org);
    const note = { record, title: 'Demo', text: 'She asked & I <answered>' };
    org.fake.faults.answersToLose = 1;
    await expect(org.call('note.create', note, 'n1')).rejects.toMatchObject({ kind: 'retry' });
    const found = await org.call('note.create', note, 'n1', true);
    expect(found).toEqual({ note: { kind: 'note', id: '069000000000001AAA' } });
    const other = await org.call('note.create', note, 'n2', true);
    expect(other).not.toEqual(found);
    const [made] = org.fake.writes;
    expect(Buffer.from(String(made?.detail['Content']), 'base64').toString()).toBe(
      '<p>She asked &amp; I &lt;answered&gt;</p>',
    );

    const writes = org.fake.writes.length;
    const gone = { kind: 'lead', id: '00Q000000000099EAA' };
    await expect(org.call('note.create', { ...note, record: gone }, 'n3')).rejects.toMatchObject({
      code: 'salesforce_record_not_found',
    });
    expect(org.fake.writes).toHaveLength(writes);
  });

  test('what marketing did as a completed task, once, which is nobody’s work when it is told', async () => {
    await using org = await openOrganization({ settings: { clientName: 'Else' } });
    const record = leadOf(org);
    await org.news();
    const activity = {
      record,
      at: '2026-11-21T23:30:00-02:00',
      title: 'Read the price list',
      kind: 'page-visited',
      url: 'https://acme.test/pricing',
    };
    const first = await org.call('activity.record', activity, 'a1');
    expect(await org.call('activity.record', activity, 'a1')).toEqual(first);
    const { id } = (first as { activity: { id: string } }).activity;
    expect(first).toEqual({ activity: { kind: 'task', id } });
    expect(org.fake.row(id)).toMatchObject({
      WhoId: record.id,
      Subject: 'Read the price list',
      Status: 'Completed',
      ActivityDate: '2026-11-22',
    });
    expect(org.fake.writes.map(({ verb }) => verb)).toEqual(['activity.record']);
    const told = org.fake.sent.length;
    expect(told).toBeGreaterThan(0);
    org.fake.changeFields(id, { Status: 'In Progress' }, ADA);
    org.fake.completeTask(id);
    expect(org.fake.sent.length).toBeGreaterThan(told);
    expect(await org.news()).toEqual([]);
  });

  test('members of campaigns, each once, by id or by name', async () => {
    await using org = await openOrganization({
      settings: { campaigns: { webinar: '701000000000001AAA' } },
    });
    for (const record of [leadOf(org), contactOf(org)]) {
      const member = { record, campaign: 'webinar' };
      const add = () => org.call('campaign.add', { ...member, status: 'Responded' });
      expect(await add()).toEqual({ added: true });
      expect(await add()).toEqual({ added: false });
      expect(await org.call('campaign.remove', member)).toEqual({ removed: true });
      expect(await org.call('campaign.remove', member)).toEqual({ removed: false });
    }
    await expect(
      org.call('campaign.add', { record: leadOf(org), campaign: 'party' }),
    ).rejects.toMatchObject({ kind: 'config', code: 'salesforce_campaign_unknown' });
  });
});

describe('An opportunity', () => {
  const deal = { name: 'Seats', stage: 'won', closeDate: '2026-12-31', amountMinor: 123450 };

  test('is opened once under its key, with a role for its contact, and changed later', async () => {
    await using org = await openOrganization({ settings: { stages: { won: 'Closed Won' } } });
    const record = contactOf(org);
    const upsert = (more: object, key: string) =>
      org.call(
        'opportunity.upsert',
        { ...deal, key: 'deal-7', record, role: 'Decision Maker', ...more },
        key,
      ) as Promise<{
        opportunity: { id: string };
        created: boolean;
      }>;
    const first = await upsert({ stage: 'Prospecting', owner: GRACE }, 'k1');
    expect(first).toEqual({
      opportunity: { kind: 'opportunity', id: expect.any(String) },
      created: true,
    });
    const { id } = first.opportunity;
    expect(await upsert({}, 'k2')).toEqual({
      opportunity: { kind: 'opportunity', id },
      created: false,
    });
    expect(await org.call('opportunity.read', { id })).toEqual({
      id,
      name: 'Seats',
      stage: 'Closed Won',
      amountMinor: 123450,
      currency: 'EUR',
      outcome: 'won',
      closeDate: '2026-12-31',
      contacts: [record.id],
    });
    expect(await org.call('opportunity.contacts', { id })).toEqual({
      contacts: [{ record, role: 'Decision Maker', primary: true }],
    });
    expect(org.fake.row(id)).toMatchObject({ Amount: 1234.5, OwnerId: org.fake.userId(GRACE) });
  });

  test('leaves the primary contact of one that was there before', async () => {
    await using org = await openOrganization();
    const [first, second] = [contactOf(org), contactOf(org)];
    const upsert = (record: object) =>
      org.call('opportunity.upsert', { ...deal, stage: 'Prospecting', key: 'd', record });
    const { opportunity } = (await upsert(first)) as { opportunity: { id: string } };
    await upsert(second);
    expect(await org.call('opportunity.contacts', { id: opportunity.id })).toEqual({
      contacts: [
        { record: first, primary: true },
        { record: second, primary: false },
      ],
    });
  });

  test('is not about a lead, and not in a currency that the organisation lacks', async () => {
    await using org = await openOrganization();
    const upsert = (more: object) =>
      org.call('opportunity.upsert', { ...deal, stage: 'Prospecting', ...more });
    await expect(upsert({ record: leadOf(org) })).rejects.toMatchObject({ kind: 'data' });
    await expect(upsert({ currency: 'JPY' })).rejects.toMatchObject({ kind: 'data' });
    expect(org.fake.writes).toEqual([]);
  });

  test.each([
    ['JPY', 123450, 123450],
    ['EUR', 123450, 1234.5],
    ['KWD', 123450, 123.45],
  ])(
    'in %s has the amount %i in the units of that currency',
    async (currency, amountMinor, Amount) => {
      await using org = await openOrganization({ settings: { multiCurrency: true } });
      const { opportunity } = (await org.call('opportunity.upsert', {
        ...deal,
        stage: 'Prospecting',
        amountMinor,
        currency,
      })) as { opportunity: { id: string } };
      expect(org.fake.row(opportunity.id)).toMatchObject({ Amount, CurrencyIsoCode: currency });
      expect(await org.call('opportunity.read', opportunityId(opportunity))).toMatchObject({
        amountMinor,
        currency,
      });
    },
  );
  const opportunityId = ({ id }: { id: string }) => ({ id });

  test('is found by when it changed, page by page, though many share an instant', async () => {
    await using org = await openOrganization();
    org.fake.openDeal({ name: 'old', amount: 1, owner: ADA });
    org.pass(60_000);
    const ids = Array.from({ length: 5 }, (_, index) =>
      org.fake.openDeal({ name: `deal ${index}`, amount: 1, owner: ADA }),
    );
    const changedSince = org.clock.at.toISOString();
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = (await org.call('opportunity.search', { changedSince, after, limit: 2 })) as {
        opportunities: { id: string }[];
        after?: string;
      };
      seen.push(...page.opportunities.map(({ id }) => id));
      after = page.after;
    } while (after !== undefined);
    expect(seen).toEqual(ids);
  });

  test('that is not there is a matter of the data', async () => {
    await using org = await openOrganization();
    for (const verb of ['opportunity.read', 'opportunity.contacts']) {
      await expect(org.call(verb, { id: '006000000000099AAA' })).rejects.toMatchObject({
        code: 'salesforce_record_not_found',
      });
    }
  });
});
