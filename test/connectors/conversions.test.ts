import { ga4 } from '#connectors/ga4/connector.ts';
import { fakeGa4 } from '#connectors/ga4/fake.ts';
import { derivedClientId } from '#connectors/ga4/payload.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import type { Connector } from '#connectors/kit/connector.ts';
import { type Fake, type FakeOptions, serveOnLoopback } from '#connectors/kit/fake.ts';
import { type Fault, FaultScript } from '#connectors/kit/faults.ts';
import { segment } from '#connectors/segment/connector.ts';
import { fakeSegmentSource } from '#connectors/segment/fake-source.ts';
import type { VerbInput } from '#core/operations.ts';

type Conversion = VerbInput<'conversion.report'>;

const NOW = new Date('2026-11-22T09:00:00.000Z');
const now = () => NOW;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const WON: Conversion = {
  name: 'opportunity-won',
  at: hoursAgo(2),
  person: 'per_1',
  email: 'ada@acme.example',
  anonymousIds: ['a1', '1234567890.1700000000', 'a2'],
  amountMinor: 1_250_050,
  currency: 'EUR',
  properties: { firstSource: 'google', campaign: 'spring', opportunity: '006A' },
};
const QUALIFIED: Conversion = {
  name: 'lead-qualified',
  at: hoursAgo(1),
  person: 'per_1',
  anonymousIds: [],
  properties: { firstSource: 'google' },
};

type Made = Fake & { connectionTo(url: string): { credentials: object; settings: object } };
const VENDORS: Readonly<Record<string, [Connector, (options: FakeOptions) => Made]>> = {
  ga4: [ga4, fakeGa4],
  segment: [segment, fakeSegmentSource],
};

async function connect(vendor: string, credentials: object = {}, ...faults: Fault[]) {
  const [connector, make] = VENDORS[vendor] ?? VENDORS['ga4'] ?? [];
  if (connector === undefined || make === undefined) throw new Error(`no vendor ${vendor}`);
  const rules = faults.map((fault) => ({ fault, times: 1 }));
  const fake = make({ now, faults: new FaultScript(rules, now, () => 0) });
  const served = await serveOnLoopback(fake.app);
  const account = fake.connectionTo(served.url);
  const connections = openConnections({
    connectors: { [vendor]: connector },
    connections: [
      {
        name: 'analytics',
        vendor,
        roles: ['analytics'],
        settings: account.settings as Record<string, unknown>,
      },
    ],
    secrets: {
      credentials: async () => ({ ...account.credentials, ...credentials }),
      signingKey: async () => 'key',
    },
    now,
  });
  return {
    fake,
    report: (input: Conversion, key = 'conversion/1') =>
      connections.call({
        connection: 'analytics',
        operation: 'conversion.report',
        input,
        key,
        recovering: false,
      }),
    async examine() {
      const context = await connections.open('analytics').operationContext('examination');
      return connector.examination?.credentials(context);
    },
    [Symbol.asyncDispose]: () => served.close(),
  };
}

describe('a conversion at Segment', () => {
  test('is a track call under the key of the effect, marked as the hub’s own', async () => {
    await using vendor = await connect('segment');
    await vendor.report(WON);
    expect(vendor.fake.writes).toEqual([
      {
        verb: 'conversion.report',
        target: 'Opportunity Won',
        key: 'conversion/1',
        at: NOW.toISOString(),
        detail: {
          anonymousId: 'a2',
          timestamp: WON.at,
          properties: { ...WON.properties, value: 12_500.5, currency: 'EUR' },
          context: {
            library: { name: 'baton-hub', version: '1' },
            traits: { email: 'ada@acme.example' },
          },
        },
      },
    ]);
  });

  test('of somebody who was no visitor stands under the hub’s id of the person', async () => {
    await using vendor = await connect('segment');
    await vendor.report(QUALIFIED);
    expect(vendor.fake.writes).toMatchObject([
      { target: 'Lead Qualified', detail: { anonymousId: 'per_1' } },
    ]);
  });

  test('that is sent again after a lost answer counts once', async () => {
    await using vendor = await connect('segment', {}, 'lost-answer');
    await expect(vendor.report(WON)).rejects.toMatchObject({ kind: 'retry', outcomeUnknown: true });
    await vendor.report(WON);
    expect(vendor.fake.writes).toHaveLength(1);
  });

  test('that is too large is refused before it is sent', async () => {
    await using vendor = await connect('segment');
    const large = { ...WON, properties: { campaign: 'x'.repeat(33_000) } };
    await expect(vendor.report(large)).rejects.toMatchObject({ code: 'segment_event_refused' });
    expect(vendor.fake.writes).toEqual([]);
  });

  test('needs the write key of a source', async () => {
    await using vendor = await connect('segment', { sourceWriteKey: undefined, writeKey: 'w' });
    await expect(vendor.report(WON)).rejects.toMatchObject({
      kind: 'config',
      code: 'segment_source_key_missing',
    });
  });
});

describe('a conversion at Google Analytics', () => {
  test('is the event that Google has a report for, and names nobody', async () => {
    await using vendor = await connect('ga4');
    await vendor.report(WON);
    expect(vendor.fake.writes).toEqual([
      {
        verb: 'conversion.report',
        target: '1234567890.1700000000',
        at: NOW.toISOString(),
        detail: {
          user_id: 'per_1',
          timestamp_micros: String(Date.parse(WON.at) * 1000),
          events: [
            {
              name: 'close_convert_lead',
              params: {
                value: 12_500.5,
                currency: 'EUR',
                transaction_id: '006A',
                occurred_at: WON.at,
                first_source: 'google',
                campaign: 'spring',
                opportunity: '006A',
              },
            },
          ],
        },
      },
    ]);
    expect(JSON.stringify(vendor.fake.writes)).not.toContain('ada');
  });

  test('of a visitor that Google never saw has a client id that stays the same', async () => {
    await using vendor = await connect('ga4');
    await vendor.report(QUALIFIED);
    await vendor.report(QUALIFIED, 'conversion/2');
    const ids = vendor.fake.writes.map(({ target }) => target);
    expect(ids).toEqual([derivedClientId('per_1'), derivedClientId('per_1')]);
    expect(ids[0]).toMatch(/^\d+\.\d+$/);
    expect(derivedClientId('per_2')).not.toBe(ids[0]);
  });

  test.each([
    ['71 hours old keeps its time', 71, 71],
    ['a month old is as old as Google allows', 720, 71 + 50 / 60],
    ['in the future is of now', -5, 0],
  ])('%s', async (_case, age, dated) => {
    await using vendor = await connect('ga4');
    await vendor.report({ ...QUALIFIED, at: hoursAgo(age) });
    const detail = vendor.fake.writes[0]?.detail;
    expect(Number(detail?.['timestamp_micros']) / 1000).toBeCloseTo(Date.parse(hoursAgo(dated)), 0);
    expect(detail).toMatchObject({ events: [{ params: { occurred_at: hoursAgo(age) } }] });
  });

  test('with more, and longer, than Google takes is cut to what it takes', async () => {
    await using vendor = await connect('ga4');
    const many = Array.from({ length: 40 }, (_, index) => [`Some field ${index}`, 'x'.repeat(500)]);
    await vendor.report({ ...WON, properties: Object.fromEntries(many) });
    expect((vendor.fake as ReturnType<typeof fakeGa4>).dropped).toEqual([]);
    expect(vendor.fake.writes).toHaveLength(1);
  });
});

test.each([
  ['ga4', 'throttle', 'ga4_throttled', { retryAfterMs: 30_000, limit: 'calls' }],
  ['ga4', 'outage', 'ga4_unavailable', { outcomeUnknown: true }],
  ['segment', 'throttle', 'segment_throttled', { retryAfterMs: 7_000, limit: 'calls' }],
  ['segment', 'outage', 'segment_unavailable', { outcomeUnknown: true }],
] as const)('%s: a fault of the kind %s passes', async (vendor, fault, code, details) => {
  await using world = await connect(vendor, {}, fault);
  await expect(world.report(WON)).rejects.toMatchObject({ kind: 'retry', code, ...details });
  await world.report(WON);
  expect(world.fake.writes).toHaveLength(1);
});

const ANSWERS: readonly [string, number, string, string][] = [
  ...(
    [
      [400, 'data', 'event_refused'],
      [401, 'auth', 'key_refused'],
      [403, 'auth', 'key_refused'],
      [404, 'config', 'path_unknown'],
      [408, 'retry', 'unavailable'],
      [413, 'data', 'event_refused'],
      [418, 'defect', 'error_unforeseen'],
      [429, 'retry', 'throttled'],
      [500, 'retry', 'unavailable'],
      [503, 'retry', 'unavailable'],
    ] as const
  ).flatMap(([status, kind, code]): [string, number, string, string][] => [
    ['segment', status, kind, `segment_${code}`],
    ['ga4', status, kind, `ga4_${code}`.replace('key', 'secret')],
  ]),
];

test.each(ANSWERS)('%s: HTTP %i is an error of the kind %s', (vendor, status, kind, code) => {
  const failure = VENDORS[vendor]?.[0].http.failure({ status, headers: {}, body: '' });
  expect([failure?.kind, failure?.code]).toEqual([kind, code]);
});

test.each(['segment', 'ga4'])('%s: a yes is a yes', (vendor) => {
  for (const status of [200, 204]) {
    expect(VENDORS[vendor]?.[0].http.failure({ status, headers: {}, body: '' })).toBeUndefined();
  }
});

describe('the examination', () => {
  test('asks Google’s validating address, and names what would be dropped', async () => {
    await using right = await connect('ga4');
    await expect(right.examine()).resolves.toMatchObject({ state: 'unknown' });
    await using wrong = await connect('ga4', { apiSecret: 'another' });
    await expect(wrong.examine()).resolves.toMatchObject({
      state: 'failure',
      says: expect.stringContaining('api_secret'),
    });
  });

  test('calls Segment with the key, and says that nothing is proved by a yes', async () => {
    await using right = await connect('segment');
    await expect(right.examine()).resolves.toMatchObject({ state: 'unknown' });
    await using wrong = await connect('segment', { sourceWriteKey: 'another' });
    await expect(wrong.examine()).rejects.toMatchObject({ code: 'segment_key_refused' });
    await using none = await connect('segment', { sourceWriteKey: undefined, writeKey: 'w' });
    await expect(none.examine()).resolves.toMatchObject({ state: 'ok' });
  });
});
