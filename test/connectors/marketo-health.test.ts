import { type Fault, FaultScript } from '#connectors/kit/faults.ts';
import { type Connected, connect, hear, MORNING, raw } from './marketo-connection.ts';

const now = () => MORNING;
const script = (fault: Fault, times = 1) => new FaultScript([{ fault, times }], now, () => 0);
const ada = { email: 'ada@acme.example', facts: { firstName: 'Ada' } };

describe('pain 14: the quota is shared with every other integration', () => {
  test('the hub keeps to half of what the instance allows, unless it is told otherwise', async () => {
    await using usual = await connect();
    await using own = await connect({}, { limits: { daily: 10_000, concurrent: 2 } });
    const limitsOf = (map: Connected) => {
      const { connector, connection } = map.connections.open('map');
      return connector.limits?.({ settings: connector.settings.parse(connection.settings) });
    };
    const resets = { midnightIn: 'America/Chicago' };
    expect(limitsOf(usual)).toMatchObject({
      rates: [{ name: 'calls in 20 s', calls: 50, everyMs: 20_000 }],
      concurrent: 5,
      daily: { calls: 50_000, resets },
    });
    expect(limitsOf(own)).toMatchObject({ concurrent: 2, daily: { calls: 10_000, resets } });
    const [rate] = limitsOf(usual)?.rates ?? [];
    expect(rate?.only?.({ method: 'GET', path: '/identity/oauth/token' })).toBe(false);
    expect(rate?.only?.({ method: 'GET', path: '/rest/v1/leads.json' })).toBe(true);
  });

  test.each([
    [10, 'ok'],
    [5, 'warning'],
    [4, 'failure'],
  ])('of %i calls a day, the usage of today is %s', async (daily, state) => {
    await using map = await connect({}, { limits: { daily } });
    for (const name of ['a', 'b', 'c']) await map.call('person.find', { email: name });
    const { examination } = map.connections.open('map').connector;
    const context = await map.connections.open('map').operationContext('none');
    const finding = await examination?.limits?.(context);
    expect(finding).toMatchObject({
      state,
      says: `The instance has made 4 of ${daily} calls today.`,
    });
  });

  test('a quota that somebody else used up rests until midnight US Central', async () => {
    await using map = await connect({ daily: 1 });
    await map.call('person.find', { email: ada.email });
    await expect(map.call('person.find', { email: ada.email })).rejects.toMatchObject({
      code: 'marketo_daily_quota_used_up',
      limit: 'daily',
      retryAfterMs: 21 * 3_600_000,
    });
  });
});

describe('the examination', () => {
  test('says who the hub is, and what its role lacks', async () => {
    await using map = await connect();
    const { connector, operationContext } = map.connections.open('map');
    const context = await operationContext('none');
    await expect(connector.examination?.credentials(context)).resolves.toEqual({
      state: 'ok',
      says: 'Marketo knows the hub as apis@acme.example.',
    });
    await expect(connector.examination?.scopes?.(context)).resolves.toMatchObject({ state: 'ok' });
    map.fake.refuseNext('603', '603');
    await expect(connector.examination?.scopes?.(context)).resolves.toMatchObject({
      state: 'failure',
      says: 'The API role lacks: Read-Only Person, Read-Only Company.',
      advice: expect.stringContaining('Users & Roles'),
    });
    await expect(
      connector.examination?.webhooks?.(context, 'https://hub.example/in/marketo/map'),
    ).resolves.toMatchObject({ state: 'unknown' });
  });

  test('a wrong secret fails as a call would', async () => {
    await using map = await connect({}, {}, { clientSecret: 'wrong' });
    const { connector, operationContext } = map.connections.open('map');
    await expect(
      connector.examination?.credentials(await operationContext('none')),
    ).rejects.toMatchObject({ kind: 'auth', code: 'marketo_client_refused' });
  });
});

describe('the mapping', () => {
  test('every field that is used is one that Marketo describes', async () => {
    await using map = await connect();
    const { connector, operationContext } = map.connections.open('map');
    const context = await operationContext('none');
    const schema = await connector.mapping?.describe(context);
    const uses = connector.mapping?.uses(context.settings) ?? [];
    const missing = uses.filter(({ object, field }) => schema?.[object]?.[field] === undefined);
    expect(missing).toEqual([]);
    expect(uses).toContainEqual(
      expect.objectContaining({ object: 'company', field: 'industry', setting: 'fields.industry' }),
    );
  });

  test('a field that drifted away is missed there and refused on write', async () => {
    await using map = await connect({ faults: script('drift') });
    const { connector, operationContext } = map.connections.open('map');
    const schema = await connector.mapping?.describe(await operationContext('none'));
    expect(schema?.['lead']).not.toHaveProperty('title');
    await expect(
      map.call('person.upsert', { ...ada, facts: { title: 'CTO' } }),
    ).rejects.toMatchObject({ code: 'marketo_field_unknown' });
  });
});

describe('faults', () => {
  test.each([
    ['throttle', { code: 'marketo_rate_limited', limit: 'calls in 20 s' }],
    ['quota', { code: 'marketo_daily_quota_used_up', limit: 'daily' }],
    ['outage', { code: 'marketo_unavailable', outcomeUnknown: true }],
    ['partial', { code: 'marketo_value_refused' }],
  ] as const)('%s is answered as Marketo answers it', async (fault, error) => {
    await using map = await connect({ faults: script(fault) });
    await map.call('person.find', { email: 'x@acme.example' }).catch(() => undefined);
    await using other = await connect({ faults: script(fault) });
    await expect(other.call('person.upsert', ada)).rejects.toMatchObject(error);
    await expect(other.call('person.upsert', ada)).resolves.toMatchObject({ created: true });
  });

  test('a token that dies is fetched anew, and the call goes through', async () => {
    await using map = await connect({ faults: script('token') });
    await map.call('person.find', { email: 'x@acme.example' });
    expect(map.fake.tokensIssued()).toBe(2);
  });

  test('a lost answer leaves one lead, whatever is done about it', async () => {
    await using map = await connect({ faults: script('lost-answer') });
    await expect(map.call('person.upsert', ada)).rejects.toMatchObject({
      code: 'vendor_unreachable',
      outcomeUnknown: true,
    });
    await expect(map.call('person.upsert', ada, true)).resolves.toMatchObject({ created: false });
    expect(map.fake.leads.size).toBe(1);
  });

  test.each([
    ['duplicate', ['a', 'a', 'b']],
    ['disorder', ['b', 'a']],
    ['miss', ['b']],
    ['late', ['b']],
  ] as const)('of news: %s', async (fault, keys) => {
    await using map = await connect({ faults: script(fault) });
    const { id } = map.fake.addLead({ email: ada.email });
    for (const eventKey of ['a', 'b']) map.fake.callWebhook(id, { event: 'mql', eventKey });
    expect(map.requests.map(({ headers }) => headers['x-mkto-event'])).toEqual(keys);
    map.fake.catchUp();
    expect(map.requests).toHaveLength(fault === 'late' ? 2 : keys.length);
  });
});

describe('the data stream', () => {
  const BEARER = 'data-stream-secret';

  async function pushed(map: Connected, bearer = BEARER) {
    const { id } = map.fake.addLead({ email: ada.email });
    const rows = Array.from({ length: 300 }, () =>
      map.fake.logActivity(id, 10, { primaryAttributeValue: 'Invitation' }),
    );
    map.fake.pushStream(rows, bearer);
    const [request] = map.requests;
    if (request === undefined) throw new Error('The stream pushed nothing.');
    return raw(request);
  }

  test('brings hundreds of rows, each known by its marketoGUID', async () => {
    await using map = await connect({}, {}, { dataStreamToken: BEARER });
    const { deliveries, events } = await hear(map, await pushed(map));
    expect(deliveries).toHaveLength(300);
    expect(deliveries[0]).toMatchObject({ dedupeKey: 'activity:2', group: 'lead:1' });
    expect(events[0]).toMatchObject({ type: 'touch.recorded', touch: { kind: 'email-opened' } });
  });

  test.each([
    ['another bearer', 'some-other-secret', { dataStreamToken: BEARER }],
    ['a stream that nobody expects', BEARER, {}],
  ])('%s is refused', async (_case, bearer, credentials) => {
    await using map = await connect({}, {}, credentials);
    await expect(hear(map, await pushed(map, bearer))).rejects.toMatchObject({ kind: 'auth' });
  });

  test('a change of a value is told as the lead is now, an echo not at all', async () => {
    await using map = await connect({}, {}, { dataStreamToken: BEARER });
    const { id } = map.fake.addLead({ email: ada.email });
    map.fake.changeLead(id, { title: 'CTO' });
    await map.call('person.score', { record: { kind: 'lead', id: '1' }, score: 1 });
    map.fake.pushStream(map.fake.log, BEARER);
    const { events } = await hear(map, raw(map.requests[0] ?? never()));
    expect(events.map(({ type }) => type)).toEqual(['person.changed', 'person.changed']);
    expect(events[1]).toMatchObject({ person: { title: 'CTO' } });
  });

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const basic = `Basic ${Buffer.from(`marketo:${BEARER}`).toString('base64')}`;
  test.each([
    ['in the form', form, `grant_type=client_credentials&client_secret=${BEARER}`],
    ['in a header', { ...form, authorization: basic }, 'grant_type=client_credentials'],
  ])('a client is handed its token for its secret %s', async (_case, headers, body) => {
    await using map = await connect({}, {}, { dataStreamToken: BEARER });
    const request = raw({ method: 'POST', headers, body });
    expect((await hear(map, request)).deliveries).toEqual([]);
    const { connector } = map.connections.open('map');
    const answer = connector.inbound?.acknowledge(request);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ access_token: BEARER });
    const forged = raw({ method: 'POST', headers: form, body: body.replace(BEARER, 'guess') });
    await expect(hear(map, forged)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('a notification about the instance is of no interest', async () => {
    await using map = await connect();
    const body = { event_id: '1', event: { specversion: '1.0', type: 'com.adobe.audit' } };
    const headers = { 'x-hub-token': 'marketo-webhook-token' };
    const request = raw({ method: 'POST', headers, body: JSON.stringify(body) });
    await expect(hear(map, request)).resolves.toMatchObject({ deliveries: [] });
  });

  test('with a token in the address, nobody gets in without it', async () => {
    await using map = await connect({}, {}, { pathToken: 'a-random-path-token' });
    const { id } = map.fake.addLead({ email: ada.email });
    map.fake.callWebhook(id, { event: 'mql' });
    const request = raw(map.requests[0] ?? never());
    await expect(hear(map, request)).rejects.toMatchObject({ kind: 'auth' });
    const shown = { ...request, path: `${request.path}?token=a-random-path-token` };
    await expect(hear(map, shown)).resolves.toMatchObject({ events: [{ type: 'lead.qualified' }] });
  });
});

function never(): never {
  throw new Error('Marketo sent nothing.');
}
