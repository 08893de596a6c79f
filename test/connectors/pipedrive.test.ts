import { openConnections } from '#connectors/kit/connections.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { examine } from '#connectors/kit/doctor.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { type Fault, FaultScript } from '#connectors/kit/faults.ts';
import type { StreamPage } from '#connectors/kit/stream.ts';
import { pipedrive } from '#connectors/pipedrive/connector.ts';
import { failure } from '#connectors/pipedrive/failure.ts';
import { fakePipedrive } from '#connectors/pipedrive/fake.ts';

const NOW = new Date('2026-11-22T09:00:00.000Z');
const ANNA = 'anna@northwind.example';
const ADA = 'ada@acme.example';
const ADDRESS = 'https://hub.example.com/in/pipedrive/crm';
const TITLE_FIELD = 'dcf558aac1ae4e8c4f849ba5e668430d8df9be12';
const SETTINGS = {
  fields: { title: TITLE_FIELD, country: 'c1', postcode: 'c2', city: 'c3' },
  statusLabels: { assigned: 11, working: 12, disqualified: 13 },
  acceptedLabels: [12],
  rejectedLabels: { '13': 'bad_fit' },
  dealStages: { proposal: 4 },
  dealKeyField: 'mark',
};

async function connect(...faults: { fault: Fault; times?: number }[]) {
  const clock = { at: NOW };
  const now = () => clock.at;
  const sent: OutgoingRequest[] = [];
  const users = [ANNA];
  const fake = fakePipedrive({
    now,
    users,
    target: ADDRESS,
    personFields: [TITLE_FIELD, 'c1', 'c2', 'c3'],
    labels: [11, 12, 13],
    faults: new FaultScript(faults, now, () => 0),
    notify: (request) => sent.push(request),
  });
  const served = await serveOnLoopback(fake.app);
  const { credentials, settings } = fake.connectionTo(served.url);
  const open = openConnections({
    connectors: { pipedrive },
    connections: [
      { name: 'crm', vendor: 'pipedrive', roles: ['crm'], settings: { ...settings, ...SETTINGS } },
    ],
    secrets: { credentials: async () => credentials, signingKey: async () => 'unused' },
    now,
  });
  const crm = open.open('crm');
  return {
    fake,
    sent,
    users,
    clock,
    crm,
    call: (operation: string, input: unknown, { key = 'key-1', recovering = false } = {}) =>
      open.call({ connection: 'crm', operation, input, key, recovering }),
    /** The events of the webhook that was sent last. */
    async heard() {
      const request = raw(sent.at(-1));
      const context = await crm.operationContext('none');
      crm.connector.inbound?.verify(request, context);
      const [delivery] = crm.connector.inbound?.open(request, context) ?? [];
      if (delivery === undefined) return [];
      const arrived = { ...delivery, receivedAt: NOW.toISOString() };
      return (await crm.connector.inbound?.translate(arrived, context)) ?? [];
    },
    [Symbol.asyncDispose]: () => served.close(),
  };
}

const raw = (request?: Partial<OutgoingRequest>): RawRequest => ({
  method: 'POST',
  path: '/in/pipedrive/crm',
  url: ADDRESS,
  headers: request?.headers ?? {},
  body: Buffer.from(request?.body ?? ''),
});

const person = (id: string) => ({ kind: 'person', id });
const facts = { email: ADA, firstName: 'Ada', lastName: 'Lovelace', title: 'CEO' };

describe('persons of Pipedrive', () => {
  test('are made once, found, changed and read', async () => {
    await using crm = await connect();
    const made = await crm.call('person.upsert', { email: ADA, facts });
    expect(made).toEqual({ record: person('1'), created: true });
    const again = await crm.call('person.upsert', { email: ADA, facts: { phone: '+49 1' } });
    expect(again).toEqual({ record: person('1'), created: false });
    expect(await crm.call('person.find', { email: ADA })).toEqual({ records: [person('1')] });
    expect(await crm.call('person.read', { record: person('1') })).toEqual({
      record: person('1'),
      facts: { ...facts, phone: '+49 1', owner: '1' },
    });
  });

  test('get an owner, and one label of a status beside their own', async () => {
    await using crm = await connect();
    crm.fake.change('person', { name: 'Ada', label_ids: [5, 12] });
    const assigned = { record: person('1'), owner: ANNA, status: 'assigned' };
    expect(await crm.call('person.assign', assigned)).toEqual({ ownerId: '2' });
    expect(crm.fake.row('person', 1)).toMatchObject({ owner_id: 2, label_ids: [5, 11] });
    await crm.call('person.status', { record: person('1'), status: 'disqualified' });
    expect(crm.fake.row('person', 1)).toMatchObject({ label_ids: [5, 13] });
    // A status without a label changes nothing.
    await crm.call('person.status', { record: person('1'), status: 'nurture' });
    expect(crm.fake.row('person', 1)).toMatchObject({ label_ids: [5, 13] });
    await expect(
      crm.call('person.assign', { ...assigned, owner: 'gone@northwind.example' }),
    ).rejects.toMatchObject({ kind: 'config', code: 'pipedrive_owner_unknown' });
  });

  test('name the setting of a field that is gone', async () => {
    await using crm = await connect({ fault: 'drift' });
    await expect(crm.call('person.upsert', { email: ADA, facts })).rejects.toMatchObject({
      code: 'pipedrive_field_unknown',
      message: expect.stringContaining("comes from the setting 'fields.title'"),
    });
  });
});

const task = {
  record: person('1'),
  owner: ANNA,
  subject: 'Call Ada',
  body: 'Why now',
  dueAt: '2026-11-22T12:30:00.000Z',
};

test.each([
  ['person.upsert', { email: ADA, facts }, 'person.create', { created: false }],
  ['task.create', task, 'activity.create', { task: { kind: 'activity', id: '1' } }],
  ['note.create', { record: person('1'), text: 'Hi' }, 'note.create', { note: { id: '1' } }],
])('%s whose answer was lost is not done twice', async (operation, input, verb, answer) => {
  await using crm = await connect({ fault: 'lost-answer', times: 1 });
  await expect(crm.call(operation, input)).rejects.toMatchObject({
    kind: 'retry',
    outcomeUnknown: true,
  });
  expect(await crm.call(operation, input, { recovering: true })).toMatchObject(answer);
  expect(crm.fake.writes.filter((one) => one.verb === verb)).toHaveLength(1);
});

test('tasks are made with their time and closed', async () => {
  await using crm = await connect();
  await crm.call('task.create', task);
  expect(crm.fake.row('activity', 1)).toMatchObject({
    ...{ subject: 'Call Ada', owner_id: 2, person_id: 1 },
    ...{ due_date: '2026-11-22', due_time: '12:30' },
  });
  await crm.call('task.close', { task: { kind: 'activity', id: '1' } });
  expect(crm.fake.row('activity', 1)).toMatchObject({ done: true });
});

test('deals are opened once by key, changed, read and searched', async () => {
  await using crm = await connect();
  const deal = { record: person('1'), name: 'Ten seats', stage: 'proposal', currency: 'EUR' };
  const first = await crm.call('opportunity.upsert', { ...deal, amountMinor: 1250 });
  expect(first).toEqual({ opportunity: { kind: 'deal', id: '1' }, created: true });
  const more = { ...deal, amountMinor: 2000, name: 'Twenty seats' };
  expect(await crm.call('opportunity.upsert', more)).toMatchObject({ created: false });
  const known = {
    ...{ id: '1', name: 'Twenty seats', stage: '4', amountMinor: 2000 },
    ...{ currency: 'EUR', outcome: 'open', contacts: ['1'] },
  };
  expect(await crm.call('opportunity.read', { id: '1' })).toEqual(known);
  expect(await crm.call('opportunity.contacts', { id: '1' })).toEqual({
    contacts: [{ record: person('1'), primary: true }],
  });
  const since = { changedSince: '2026-11-22T08:00:00.000Z' };
  expect(await crm.call('opportunity.search', since)).toEqual({ opportunities: [known] });
});

test('where somebody is comes from custom fields, and owners by their addresses', async () => {
  await using crm = await connect();
  const custom_fields = { c1: 'Germany', c2: '10115', c3: 'Berlin' };
  const phones = [{ value: '+49 30 1', primary: true }];
  crm.fake.change('person', { name: 'Ada', owner_id: 2, phones, custom_fields });
  expect(await crm.heard()).toMatchObject([
    {
      person: {
        ...{ country: 'DE', postcode: '10115', city: 'Berlin' },
        ...{ phone: '+49 30 1', owner: ANNA },
      },
    },
  ]);
});

test('the owner of a deal is told by address, asked for once, and by id where there is none', async () => {
  await using crm = await connect();
  const owner = async (deal: object) => {
    crm.fake.change('deal', { title: 'Seats', person_id: 1, ...deal });
    const [event] = await crm.heard();
    return event?.type === 'opportunity.changed' ? event.opportunity.owner : event?.type;
  };
  expect(await owner({ owner_id: 2 })).toBe(ANNA);
  // The users are not asked again for a quarter of an hour.
  crm.users.length = 0;
  expect(await owner({ id: 1, value: 9 })).toBe(ANNA);
  expect(await owner({ owner_id: 99 })).toBe('99');
  expect(await owner({ owner_id: null })).toBeUndefined();
  crm.clock.at = new Date(NOW.getTime() + 16 * 60_000);
  expect(await owner({ id: 1, value: 10 })).toBe('2');
});

describe('webhooks of Pipedrive', () => {
  test('tell an owner, an answer by label, work and deals', async () => {
    await using crm = await connect();
    const emails = [{ value: ADA, primary: true }];
    crm.fake.change('person', { name: 'Ada Lovelace', emails });
    expect(await crm.heard()).toMatchObject([
      { type: 'person.changed', subject: { email: ADA }, person: { lastName: 'Lovelace' } },
    ]);
    crm.fake.change('person', { id: 1, owner_id: 2 });
    expect(await crm.heard()).toMatchObject([
      { type: 'person.changed' },
      { type: 'handoff.accepted', by: { email: ANNA }, asOwner: true },
    ]);
    crm.fake.change('person', { id: 1, label_ids: [12] });
    expect((await crm.heard())[1]).toMatchObject({ type: 'handoff.accepted', by: { email: ANNA } });
    crm.fake.change('person', { id: 1, label_ids: [13] });
    expect((await crm.heard())[1]).toMatchObject({ type: 'handoff.rejected', reason: 'bad_fit' });
    crm.fake.change('activity', { type: 'call', person_id: 1, owner_id: 2, subject: 'Call' });
    expect(await crm.heard()).toEqual([]);
    crm.fake.change('activity', { id: 1, done: true });
    expect(await crm.heard()).toMatchObject([{ type: 'handoff.worked', activity: 'call' }]);
    crm.fake.change('deal', { title: 'Ten seats', person_id: 1, value: 12.5, status: 'won' });
    expect(await crm.heard()).toMatchObject([
      { type: 'opportunity.changed', opportunity: { amountMinor: 1250, outcome: 'won' } },
    ]);
  });

  test('of what the hub wrote are echoes', async () => {
    await using crm = await connect();
    await crm.call('person.upsert', { email: ADA, facts });
    expect(crm.sent).toHaveLength(1);
    expect(await crm.heard()).toEqual([]);
  });

  test('without the password are refused, and of another shape held', async () => {
    await using crm = await connect();
    const context = await crm.crm.context();
    const { inbound } = crm.crm.connector;
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`baton:${password}`).toString('base64')}`,
    });
    for (const headers of [{}, basic('guessed')]) {
      expect(() => inbound?.verify(raw({ headers, body: '{}' }), context)).toThrow('Pipedrive');
    }
    expect(() => inbound?.open(raw({ body: '{"v":1}' }), context)).toThrow('version 2');
  });
});

test('a stream finds what webhooks lost, under the same key, to its end', async () => {
  await using crm = await connect();
  for (let count = 0; count < 1_201; count += 1) crm.fake.change('person', { name: `P ${count}` });
  const stream = crm.crm.connector.streams?.['persons'];
  const context = await crm.crm.operationContext('none');
  const keys = new Set<string>();
  let place: { from: Date } | { cursor: unknown } = { from: new Date('2026-11-22T08:00:00Z') };
  for (let more = true, pages = 0; more && pages < 9; pages += 1) {
    const page: StreamPage | undefined = await stream?.read(context, place);
    for (const { dedupeKey } of page?.deliveries ?? []) keys.add(dedupeKey);
    place = { cursor: page?.cursor };
    more = page?.more ?? false;
  }
  expect(keys.size).toBe(1_201);
  expect(place).toEqual({ cursor: { since: '2026-11-22T08:55:00Z' } });
  const [told] = crm.crm.connector.inbound?.open(raw(crm.sent.at(-1)), context) ?? [];
  expect(keys).toContain(told?.dedupeKey);
});

test.each<[Fault, string, string]>([
  ['token', 'credentials', 'pipedrive_token_refused'],
  ['scopes', 'credentials', 'pipedrive_permission_missing'],
  ['quota', 'credentials', 'pipedrive_daily_budget_used_up'],
  ['throttle', 'credentials', 'pipedrive_throttled'],
  ['outage', 'credentials', 'pipedrive_down'],
])('the doctor names the fault %s', async (fault, check, code) => {
  await using crm = await connect({ fault });
  const results = await examine(crm.crm, { address: ADDRESS, now: () => new Date() });
  expect(results.find((one) => one.check === check)).toMatchObject({ code });
});

test('the doctor is content with an account in order, and names what is missing', async () => {
  await using crm = await connect();
  const look = (one: typeof crm) =>
    examine(one.crm, { address: ADDRESS, now: () => new Date() }).then((all) =>
      all.map(({ check, state }) => [check, state]),
    );
  const checks = ['credentials', 'webhooks', 'mapping', 'clock'];
  expect(await look(crm)).toEqual(checks.map((check) => [check, 'ok']));
  await using broken = await connect({ fault: 'drift' }, { fault: 'webhooks' });
  expect(await look(broken)).toEqual(
    checks.map((check) => [check, ['webhooks', 'mapping'].includes(check) ? 'failure' : 'ok']),
  );
});

test.each([
  [400, 'data'],
  [401, 'auth'],
  [402, 'config'],
  [403, 'config'],
  [404, 'data'],
  [405, 'config'],
  [410, 'data'],
  [422, 'data'],
  [429, 'retry'],
  [418, 'defect'],
  [500, 'retry'],
  [503, 'retry'],
])('HTTP %i is of class %s', (status, kind) => {
  expect(failure({ status, headers: {}, body: {} })?.kind).toBe(kind);
});
