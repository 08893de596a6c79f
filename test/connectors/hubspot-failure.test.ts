import { hubspotFailure } from '#connectors/hubspot/failure.ts';
import { openPortal } from './hubspot-portal.ts';

const validation = (code: string) => ({
  status: 'error',
  category: 'VALIDATION_ERROR',
  errors: [{ message: 'no', code, context: { propertyName: ['x'] } }],
});
const limit = (policyName: string) => ({ status: 'error', errorType: 'RATE_LIMIT', policyName });

describe('An answer of HubSpot', () => {
  test.each<[string, number, unknown, object | undefined]>([
    ['success', 200, {}, undefined],
    ['a batch that succeeded in part', 207, {}, undefined],
    ['a refused value', 400, validation('INVALID_EMAIL'), { kind: 'data' }],
    ['a property that is not there', 400, validation('PROPERTY_DOESNT_EXIST'), { kind: 'config' }],
    ['an option that is not there', 400, validation('INVALID_OPTION'), { kind: 'config' }],
    ['a refusal without a body', 400, undefined, { kind: 'data' }],
    ['a refused token', 401, {}, { kind: 'auth' }],
    ['a missing scope', 403, { category: 'MISSING_SCOPES' }, { kind: 'config' }],
    ['no such record', 404, {}, { kind: 'data', code: 'hubspot_record_not_found' }],
    [
      'a duplicate',
      409,
      { message: 'Contact already exists. Existing ID: 12345' },
      { kind: 'conflict', existingId: '12345' },
    ],
    ['a record merged too often', 414, {}, { kind: 'data' }],
    ['a locked record', 423, {}, { kind: 'retry', retryAfterMs: 7_000, outcomeUnknown: false }],
    [
      'the limit of a second',
      429,
      limit('SECONDLY'),
      { kind: 'retry', retryAfterMs: 1_000, limit: 'SECONDLY' },
    ],
    [
      'the limit of ten seconds',
      429,
      limit('TEN_SECONDLY_ROLLING'),
      {
        kind: 'retry',
        retryAfterMs: 10_000,
        outcomeUnknown: false,
        limit: 'TEN_SECONDLY_ROLLING',
      },
    ],
    [
      'the limit of the day',
      429,
      limit('DAILY'),
      { kind: 'retry', retryAfterMs: 3_600_000, limit: 'daily' },
    ],
    ['a limit without a name', 429, undefined, { kind: 'retry', retryAfterMs: 10_000 }],
    ['a move', 477, {}, { kind: 'retry', retryAfterMs: 7_000, code: 'hubspot_moving' }],
    ['an error of its own', 500, 'oops', { kind: 'retry', outcomeUnknown: true }],
    ...[502, 503, 504, 521, 523, 524].map(
      (status) =>
        [`down (${status})`, status, '', { kind: 'retry', outcomeUnknown: true }] as [
          string,
          number,
          unknown,
          object,
        ],
    ),
    ['a redirect', 302, '', { kind: 'defect' }],
    ['a status nobody foresaw', 418, '', { kind: 'defect' }],
  ])('that means %s (%i) gets its class', (_, status, body, expected) => {
    const failure = hubspotFailure({ status, headers: { 'retry-after': '7' }, body });
    if (expected === undefined) expect(failure).toBeUndefined();
    else expect(failure).toMatchObject(expected);
  });

  test.each([
    [423, 2_000],
    [477, 3_600_000],
    [502, 5_000],
    [503, 5_000],
    [504, 5_000],
    [521, 5_000],
    [523, 5_000],
    [524, 5_000],
  ])('%i without a word of when waits %i ms', (status, retryAfterMs) => {
    const failure = hubspotFailure({ status, headers: {}, body: {} });
    expect(failure).toMatchObject({ kind: 'retry', retryAfterMs });
  });

  test('that moves the account waits for a day at most', () => {
    const headers = { 'retry-after': '999999' };
    expect(hubspotFailure({ status: 477, headers, body: {} })?.retryAfterMs).toBe(86_400_000);
  });

  test.each([
    ['2026-11-22T22:30:00Z', 'Europe/Berlin', 30],
    ['2026-11-22T09:00:00Z', 'UTC', 15 * 60],
    // The day on which summer time begins has 23 hours.
    ['2027-03-28T00:00:00+01:00', 'Europe/Berlin', 23 * 60],
  ])('for the day waits until midnight of the account: %s in %s', (at, timeZone, minutes) => {
    const moment = { settings: { timeZone }, now: new Date(at) };
    const failure = hubspotFailure({ status: 429, headers: {}, body: limit('DAILY') }, moment);
    expect(failure).toMatchObject({ retryAfterMs: minutes * 60_000, limit: 'daily' });
  });

  test('names the request, the property and the scope, but no value', () => {
    const correlationId = 'aeb5f871-7f07-4993-9211-075dc63e7cbf';
    const body = {
      correlationId,
      errors: [{ code: 'INVALID_EMAIL', context: { propertyName: ['email', 'zoe@buyer.test'] } }],
    };
    const message = hubspotFailure({ status: 400, headers: {}, body })?.message;
    expect(message).toBe(
      `HubSpot refused the values (INVALID_EMAIL, email). Its correlation id is ${correlationId}.`,
    );
    const scopes = { requiredGranularScopes: ['crm.objects.contacts.write'] };
    const forbidden = { category: 'MISSING_SCOPES', errors: [{ message: '', context: scopes }] };
    expect(hubspotFailure({ status: 403, headers: {}, body: forbidden })?.message).toContain(
      'add the scope crm.objects.contacts.write to the app',
    );
  });

  test.each([null, [], 'oops', { errors: 'none' }, { category: 7, context: [] }])(
    'is classed whatever its body is: %j',
    (body) => {
      for (const status of [400, 403, 409, 429]) {
        expect(hubspotFailure({ status, headers: {}, body })?.kind).not.toBe('defect');
      }
    },
  );

  test('never lends its words to the hub’s message', () => {
    const message = 'zoe@buyer.test is taken. Existing ID: 1';
    const failure = hubspotFailure({ status: 409, headers: {}, body: { message } });
    expect(failure?.message).not.toContain('zoe');
  });
});

describe('A call to HubSpot', () => {
  const contact = { facts: { email: 'zoe@buyer.test' } };

  test('with a wrong token needs a person', async () => {
    await using desk = await openPortal({ token: 'pat-stolen' });
    await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('beyond the rate limit waits, and has written nothing', async () => {
    await using desk = await openPortal();
    desk.fake.faults.callsLeft = 1;
    await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({
      kind: 'retry',
      code: 'hubspot_rate_limited',
      retryAfterMs: 10_000,
    });
    expect(desk.fake.writes).toEqual([]);
  });

  test('during an outage is tried again, and works after it', async () => {
    await using desk = await openPortal();
    desk.fake.outageUntil = new Date('2026-11-22T09:10:00Z');
    await expect(desk.call('person.upsert', contact)).rejects.toMatchObject({ kind: 'retry' });
    desk.pass(10 * 60_000);
    await expect(desk.call('person.upsert', contact)).resolves.toMatchObject({ created: true });
  });

  test('for an owner who is not in the portal names what to do', async () => {
    await using desk = await openPortal();
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    const assign = { record, owner: 'nobody@acme.test', status: 'assigned' };
    await expect(desk.call('person.assign', assign)).rejects.toMatchObject({
      kind: 'config',
      code: 'hubspot_owner_unknown',
    });
  });

  test('with a status that the portal lacks is a matter of the settings', async () => {
    await using desk = await openPortal({ settings: { statusMap: { working: 'DOING' } } });
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    await expect(desk.call('person.status', { record, status: 'working' })).rejects.toMatchObject({
      kind: 'config',
    });
  });

  test('about a contact that is gone is a matter of the data', async () => {
    await using desk = await openPortal();
    const record = { kind: 'contact', id: '999' };
    for (const [verb, more] of [
      ['person.read', {}],
      ['person.status', { status: 'working' }],
      ['list.add', { list: '77' }],
    ] as const) {
      await expect(desk.call(verb, { record, ...more })).rejects.toMatchObject({
        code: 'hubspot_record_not_found',
      });
    }
  });

  test('to a list by a name that nobody gave says where to give it', async () => {
    await using desk = await openPortal({ settings: { lists: { nurture: '77' } } });
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    await expect(desk.call('list.add', { record, list: 'nurture' })).resolves.toEqual({
      added: true,
    });
    await expect(desk.call('list.add', { record, list: 'other' })).rejects.toMatchObject({
      kind: 'config',
    });
  });

  test('that writes a batch tells which of it was refused', async () => {
    await using desk = await openPortal();
    const people = ['zoe@buyer.test', 'no address', 'max@buyer.test'].map((email, index) => ({
      key: `k${index}`,
      email,
      facts: {},
    }));
    const record = (id: string) => ({ kind: 'contact', id });
    expect(await desk.call('people.upsert', { people })).toEqual({
      outcomes: [
        { key: 'k0', record: record('1001'), created: true },
        {
          key: 'k1',
          refused: {
            code: 'VALIDATION_ERROR',
            message: 'HubSpot refused the contact (VALIDATION_ERROR).',
          },
        },
        { key: 'k2', record: record('1002'), created: true },
      ],
    });
  });

  test('for the same person twice at once makes one contact', async () => {
    await using desk = await openPortal();
    const both = await Promise.all(
      ['k1', 'k2'].map((key) => desk.call('person.upsert', contact, key)),
    );
    const record = { kind: 'contact', id: '1001' };
    expect(both).toEqual(
      expect.arrayContaining([
        { record, created: true },
        { record, created: false },
      ]),
    );
  });

  test('for nobody in particular makes no contact, because it would make one each time', async () => {
    await using desk = await openPortal();
    const upsert = desk.call('person.upsert', { facts: { firstName: 'Zoë' } });
    await expect(upsert).rejects.toMatchObject({ code: 'hubspot_email_missing' });
  });

  test.each([
    ['lead', 'salesqualifiedlead'],
    ['customer', 'customer'],
  ])('that assigns moves a stage forward only: %s becomes %s', async (before, after) => {
    await using desk = await openPortal({ settings: { assignedStage: 'salesqualifiedlead' } });
    const id = desk.fake.createContact({ email: 'zoe@buyer.test', lifecyclestage: before });
    const record = { kind: 'contact', id };
    await desk.call('person.assign', { record, owner: 'ada@acme.test', status: 'assigned' });
    expect(desk.fake.contact(id)?.properties).toMatchObject({
      lifecyclestage: after,
      hubspot_owner_id: '301',
    });
  });

  test('asks for an owner once in a quarter of an hour', async () => {
    await using desk = await openPortal();
    const record = { kind: 'contact', id: desk.fake.createContact({ email: 'zoe@buyer.test' }) };
    const assign = { record, owner: 'ada@acme.test', status: 'assigned' };
    await desk.call('person.assign', assign);
    // The write, and a look at what became of it.
    desk.fake.faults.callsLeft = 2;
    await expect(desk.call('person.assign', assign)).resolves.toEqual({ ownerId: '301' });
    desk.pass(15 * 60_000);
    desk.fake.faults.callsLeft = 1;
    await expect(desk.call('person.assign', assign)).rejects.toMatchObject({ kind: 'retry' });
  });
});
