import { markerOf } from '#connectors/hubspot/marker.ts';
import { ADA, openPortal } from './hubspot-portal.ts';

const ZOE = 'zoe@buyer.test';
const contact = (id: string) => ({ kind: 'contact', id });

async function withZoe(...more: Parameters<typeof openPortal>) {
  const desk = await openPortal(...more);
  const record = contact(desk.fake.createContact({ email: ZOE }));
  const properties = () => desk.fake.contact(record.id)?.properties ?? {};
  return Object.assign(desk, { record, properties });
}

describe('people.upsert', () => {
  test('changes those with a record and makes the others, in two calls', async () => {
    await using desk = await withZoe();
    const people = [
      { key: 'a', record: desk.record, facts: { company: 'Buyer' } },
      { key: 'b', email: 'max@buyer.test', facts: { firstName: 'Max' } },
      { key: 'c', facts: { firstName: 'Nobody' } },
      { key: 'd', email: 'MAX@buyer.test', facts: { lastName: 'Power' } },
    ];
    expect(await desk.call('people.upsert', { people })).toEqual({
      outcomes: [
        { key: 'a', record: desk.record, created: false },
        { key: 'b', record: contact('1002'), created: true },
        { key: 'c', refused: { code: 'hubspot_email_missing', message: expect.any(String) } },
        { key: 'd', record: contact('1002'), created: true },
      ],
    });
    expect(desk.fake.calls).toHaveLength(2);
    expect(desk.fake.contact('1002')?.properties).toMatchObject({
      firstname: 'Max',
      lastname: 'Power',
    });
    const again = await desk.call('people.upsert', { people: people.slice(1, 2) });
    expect(again).toEqual({ outcomes: [{ key: 'b', record: contact('1002'), created: false }] });
  });

  test('takes no more than a batch of the portal at once', async () => {
    await using desk = await openPortal({ settings: { limits: { batch: 2 } } });
    const people = ['a', 'b', 'c', 'd', 'e'].map((key) => ({
      key,
      email: `${key}@b.test`,
      facts: {},
    }));
    const { outcomes } = (await desk.call('people.upsert', { people })) as { outcomes: object[] };
    expect(outcomes).toHaveLength(5);
    expect(desk.fake.calls).toHaveLength(3);
  });

  test('writes facts into the fields that the portal has for them', async () => {
    await using desk = await openPortal({ settings: { fields: { title: 'role_in_company' } } });
    const people = [{ key: 'a', email: ZOE, facts: { title: 'CEO' } }];
    await desk.call('people.upsert', { people });
    expect(desk.fake.contactByEmail(ZOE)?.properties).toMatchObject({ role_in_company: 'CEO' });
  });
});

test('people and owners are found by their addresses', async () => {
  await using desk = await withZoe();
  expect(await desk.call('person.find', { email: 'Zoe@Buyer.test' })).toEqual({
    records: [desk.record],
  });
  expect(await desk.call('person.find', { email: 'no@buyer.test' })).toEqual({ records: [] });
  expect(await desk.call('owner.find', { email: ADA })).toEqual({ ownerId: '301' });
  await expect(desk.call('owner.find', { email: ZOE })).rejects.toMatchObject({
    code: 'hubspot_owner_unknown',
  });
});

describe('person.stage', () => {
  test.each([
    ['', 'lead', true, 1],
    ['lead', 'salesqualifiedlead', true, 1],
    // Back, the stage is cleared first.
    ['customer', 'lead', true, 2],
    ['lead', 'lead', true, 0],
  ])('from %j to %s: %j after %i writes', async (before, stage, written, writes) => {
    await using desk = await withZoe();
    if (before !== '') desk.fake.setLifecycleStage(desk.record.id, before);
    expect(await desk.call('person.stage', { record: desk.record, stage })).toEqual({
      stage,
      written,
    });
    expect(desk.properties()['lifecyclestage']).toBe(stage);
    expect(desk.fake.calls.filter((call) => call.startsWith('PATCH'))).toHaveLength(writes);
  });

  test('that HubSpot takes and does not write is told as it is', async () => {
    await using desk = await withZoe({ faults: [{ fault: 'stage', times: 1 }] });
    desk.fake.setLifecycleStage(desk.record.id, 'lead');
    const forward = { record: desk.record, stage: 'customer' };
    expect(await desk.call('person.stage', forward)).toEqual({ stage: 'lead', written: false });
  });

  test('that was cleared for nothing is put back', async () => {
    // The clearing passes, the new stage is taken and not written.
    await using desk = await withZoe();
    desk.fake.setLifecycleStage(desk.record.id, 'customer');
    await expect(
      desk.call('person.stage', { record: desk.record, stage: 'no-such-stage' }),
    ).rejects.toMatchObject({ code: 'hubspot_record_refused' });
    expect(desk.properties()['lifecyclestage']).toBe('customer');
  });
});

test('person.merge follows who was merged already, and makes the same of a repeat', async () => {
  await using desk = await withZoe();
  const from = ['a@b.test', 'c@d.test'].map((email) => contact(desk.fake.createContact({ email })));
  const merge = { into: desk.record, from };
  expect(await desk.call('person.merge', merge)).toEqual({ record: desk.record, merged: 2 });
  expect(await desk.call('person.merge', merge)).toEqual({ record: desk.record, merged: 0 });
  const { record } = (await desk.call('person.read', { record: from[0] })) as { record: object };
  expect(record).toEqual(desk.record);
});

describe('activity.record', () => {
  const entry = {
    kind: 'asset-downloaded',
    title: 'Guide <b>to</b> seats & more',
    url: 'https://acme.test/guide',
    body: 'Campaign: autumn',
  };

  test('writes one note for one key, when it happened, safe to show', async () => {
    await using desk = await withZoe();
    const at = '2026-11-20T10:00:00+01:00';
    const call = (key: string) =>
      desk.call('activity.record', { record: desk.record, at, ...entry }, key);
    const first = await call('k1');
    expect(await call('k1')).toEqual(first);
    expect(await call('k2')).not.toEqual(first);
    const notes = desk.fake.writes.filter(({ verb }) => verb === 'note.create');
    expect(notes.map(({ key }) => key)).toEqual(
      ['k1', 'k2'].map((key) => markerOf(key).slice(1, -1)),
    );
    expect(notes[0]?.detail).toMatchObject({
      hs_timestamp: '2026-11-20T09:00:00.000Z',
      hs_note_body: `Downloaded: Guide &lt;b&gt;to&lt;/b&gt; seats &amp; more<br>Page: https://acme.test/guide<br>Campaign: autumn<br>${markerOf('k1')}`,
      contact: desk.record.id,
    });
  });

  test('is found again after a lost answer', async () => {
    await using desk = await withZoe({
      faults: [{ fault: 'lost-answer', times: 1, path: 'notes' }],
    });
    const call = () =>
      desk.call(
        'activity.record',
        { record: desk.record, at: '2026-11-20T10:00:00Z', ...entry },
        'k1',
      );
    await expect(call()).rejects.toMatchObject({ kind: 'retry', outcomeUnknown: true });
    expect(await call()).toEqual({ activity: { kind: 'note', id: '9001' } });
    expect(desk.fake.writes).toHaveLength(1);
  });
});

test('list.has tells who is on a list', async () => {
  await using desk = await withZoe({ settings: { lists: { nurture: '77' } } });
  const on = { record: desk.record, list: 'nurture' };
  expect(await desk.call('list.has', on)).toEqual({ member: false });
  await desk.call('list.add', on);
  expect(await desk.call('list.has', on)).toEqual({ member: true });
  await desk.call('list.remove', on);
  expect(await desk.call('list.has', on)).toEqual({ member: false });
});

test('campaign.request sets what the workflow listens to, or says where to name it', async () => {
  const campaigns = { webinar: { property: 'baton_campaign', value: 'webinar-2026' } };
  await using desk = await withZoe({ settings: { campaigns } });
  const request = { record: desk.record, campaign: 'webinar' };
  for (let times = 0; times < 2; times += 1) await desk.call('campaign.request', request);
  expect(desk.properties()['baton_campaign']).toBe('webinar-2026');
  expect(desk.fake.writes).toHaveLength(1);
  await expect(
    desk.call('campaign.request', { ...request, campaign: 'other' }),
  ).rejects.toMatchObject({ kind: 'config', code: 'hubspot_campaign_unknown' });
});

describe('opportunity.upsert', () => {
  const deal = { key: 'deal-1', name: 'Seats', stage: 'won', amountMinor: 120050, currency: 'EUR' };

  test('opens one deal for a key, about its contact and company, and changes it', async () => {
    await using desk = await withZoe({ settings: { dealStages: { won: 'closedwon' } } });
    const account = { kind: 'company', id: desk.fake.createCompany({ name: 'Buyer' }) };
    const input = { ...deal, record: desk.record, account, closeDate: '2026-12-31', owner: ADA };
    const opportunity = { kind: 'deal', id: '7001' };
    expect(await desk.call('opportunity.upsert', input)).toEqual({ opportunity, created: true });
    const again = await desk.call('opportunity.upsert', { ...input, name: 'More seats' }, 'other');
    expect(again).toEqual({ opportunity, created: false });
    expect(desk.fake.deal('7001')?.properties).toMatchObject({
      dealname: 'More seats',
      dealstage: 'closedwon',
      amount: '1200.5',
      deal_currency_code: 'EUR',
      closedate: '2026-12-31',
      hubspot_owner_id: '301',
      description: markerOf('deal-1'),
    });
    expect(await desk.call('opportunity.contacts', { id: '7001' })).toEqual({
      contacts: [{ record: desk.record, primary: true }],
    });
    expect(await desk.call('opportunity.read', { id: '7001' })).toMatchObject({
      outcome: 'won',
      amountMinor: 120050,
      contacts: [desk.record.id],
    });
  });

  test('finds the deal again after a lost answer', async () => {
    await using desk = await withZoe();
    desk.fake.faults.answersToLose = 1;
    const input = { ...deal, stage: 'contractsent', record: desk.record };
    await expect(desk.call('opportunity.upsert', input)).rejects.toMatchObject({ kind: 'retry' });
    await expect(desk.call('opportunity.upsert', input)).resolves.toMatchObject({ created: false });
  });
});

test('person.assign does not say that it assigned where somebody else did', async () => {
  await using desk = await withZoe();
  desk.fake.overrule(desk.record.id, 'grace@acme.test');
  await expect(
    desk.call('person.assign', { record: desk.record, owner: ADA, status: 'assigned' }),
  ).rejects.toMatchObject({ kind: 'config', code: 'hubspot_owner_overruled' });
});
