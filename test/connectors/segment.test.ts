import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import { Hono } from 'hono';
import { openConnections } from '#connectors/kit/connections.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { segment } from '#connectors/segment/connector.ts';
import { segmentSender } from '#connectors/segment/fake.ts';

const MORNING = new Date('2026-11-22T09:00:00.000Z');
const now = () => MORNING;

function connect(settings: Record<string, unknown> = {}, credentials: object = {}) {
  const sender = segmentSender({ now });
  const account = sender.connection();
  const connections = openConnections({
    connectors: { segment },
    connections: [
      { name: 'web', vendor: 'segment', roles: [], settings: { ...account.settings, ...settings } },
    ],
    secrets: {
      credentials: async () => ({ ...account.credentials, ...credentials }),
      signingKey: async () => 'key',
    },
    now,
  });

  async function hear(request: RawRequest) {
    const opened = connections.open('web');
    const context = await opened.operationContext('none');
    const { inbound } = opened.connector;
    if (inbound === undefined) throw new Error('Segment takes no requests.');
    inbound.verify(request, context);
    const deliveries = inbound.open(request, context);
    const receivedAt = MORNING.toISOString();
    const events = await Promise.all(
      deliveries.map((delivery) => inbound.translate({ ...delivery, receivedAt }, context)),
    );
    return { deliveries, events: events.flat(), acknowledged: inbound.acknowledge(request) };
  }
  return {
    sender,
    hear,
    webhook: (type: Parameters<typeof sender.message>[0], fields: Record<string, unknown>) =>
      hear(raw(sender.webhook(sender.message(type, fields)))),
  };
}

function raw(request: OutgoingRequest & { path?: string }): RawRequest {
  const path = request.path ?? '/in/segment/web';
  return { ...request, path, url: `https://hub.example${path}`, body: Buffer.from(request.body) };
}

const PAGE = {
  url: 'https://acme.example/pricing?utm_source=google',
  path: '/pricing',
  title: 'Pricing',
  referrer: 'https://google.com/',
};
const CAMPAIGN = { name: 'spring', source: 'google', medium: 'cpc' };

describe('meanings', () => {
  test('a page is a touch with its title, address, campaign and referrer', async () => {
    const { webhook } = connect();
    const { events } = await webhook('page', {
      anonymousId: 'a1',
      context: { page: PAGE, campaign: CAMPAIGN },
    });
    expect(events).toEqual([
      {
        type: 'touch.recorded',
        at: MORNING.toISOString(),
        sourceId: 'segment-000001',
        subject: { anonymousId: 'a1' },
        touch: {
          kind: 'page-visited',
          name: 'Pricing',
          url: PAGE.url,
          referrer: PAGE.referrer,
          campaign: CAMPAIGN,
        },
      },
    ]);
  });

  test('a hand-raise keeps need, timeline and referrer verbatim', async () => {
    const { webhook } = connect();
    const { events } = await webhook('track', {
      anonymousId: 'a1',
      userId: 'u1',
      event: 'Demo Requested',
      properties: {
        email: 'ada@acme.example',
        name: 'Ada Byron Lovelace',
        company: 'Acme',
        country: 'United Kingdom',
        employees: '250',
        need: 'We lose leads; can you  help?',
        timeline: 'this quarter',
        referrer: 'a friend',
      },
      context: { page: PAGE, traits: { title: 'CTO' } },
    });
    expect(events).toMatchObject([
      {
        type: 'lead.captured',
        handRaiser: true,
        form: 'Demo Requested',
        subject: { anonymousId: 'a1', userId: 'u1', email: 'ada@acme.example' },
        person: {
          email: 'ada@acme.example',
          firstName: 'Ada',
          lastName: 'Byron Lovelace',
          title: 'CTO',
          company: 'Acme',
          country: 'GB',
          employees: 250,
        },
        need: 'We lose leads; can you  help?',
        timeline: 'this quarter',
        referrer: 'a friend',
        url: PAGE.url,
      },
    ]);
  });

  test.each([
    ['Contact Sales Submitted', { type: 'lead.captured', handRaiser: true }],
    ['Form Submitted', { type: 'lead.captured', handRaiser: false }],
    ['Asset Downloaded', { type: 'touch.recorded', touch: { kind: 'asset-downloaded' } }],
    ['webinar_attended', { touch: { kind: 'webinar-attended' } }],
    ['Email Opened', { touch: { kind: 'email-opened' } }],
    ['Unsubscribed', { type: 'consent.changed', channel: 'email', granted: false }],
    ['Quote Requested', { type: 'lead.captured', handRaiser: true }],
  ])('%s means what the spec or the connection says', async (event, expected) => {
    const { webhook } = connect({ events: { 'quote requested': 'hand-raise' } });
    const { events } = await webhook('track', { userId: 'u1', event });
    expect(events).toMatchObject([expected]);
  });

  test.each([
    ['ignored', {}, []],
    [
      'a touch where the connection says so',
      { otherEvents: 'product-used' },
      [{ touch: { kind: 'product-used', name: 'Button Pressed' } }],
    ],
  ])('an event nobody named is %s', async (_case, settings, expected) => {
    const { webhook } = connect(settings);
    const { events } = await webhook('track', { userId: 'u1', event: 'Button Pressed' });
    expect(events).toMatchObject(expected);
  });

  test('identify joins the anonymous visitor, the user and the address', async () => {
    const { webhook } = connect();
    const { events } = await webhook('identify', {
      anonymousId: 'a1',
      userId: 'u1',
      traits: { email: 'ada@acme.example', firstName: 'Ada', company: { name: 'Acme' } },
    });
    expect(events).toMatchObject([
      {
        type: 'person.changed',
        subject: { anonymousId: 'a1', userId: 'u1', email: 'ada@acme.example' },
        person: { firstName: 'Ada', company: 'Acme' },
      },
    ]);
  });

  test('a group is an account, and its e-mail address is not the visitor’s', async () => {
    const { webhook } = connect();
    const { events } = await webhook('group', {
      userId: 'u1',
      groupId: 'g1',
      traits: {
        name: 'Acme',
        website: 'https://www.Acme.example/about',
        employees: 120,
        email: 'info@acme.example',
      },
    });
    expect(events).toMatchObject([
      {
        type: 'account.changed',
        account: { name: 'Acme', domain: 'acme.example', employees: 120 },
        subject: { userId: 'u1', external: [{ connection: 'web', kind: 'account', id: 'g1' }] },
      },
    ]);
    expect(events[0]?.subject).not.toHaveProperty('email');
  });
});

describe('times', () => {
  const ARRIVED = MORNING.toISOString();
  test.each([
    ['corrected by Segment', { timestamp: '2026-11-22T08:00:00Z' }, '2026-11-22T08:00:00.000Z'],
    [
      'of a client whose clock is a day ahead',
      {
        timestamp: undefined,
        originalTimestamp: '2026-11-23T08:59:50Z',
        sentAt: '2026-11-23T09:00:00Z',
      },
      '2026-11-22T08:59:50.000Z',
    ],
    [
      'of a client that does not say when it sent',
      { timestamp: undefined, originalTimestamp: '2026-11-22T08:00:00Z', sentAt: null },
      '2026-11-22T08:00:00.000Z',
    ],
    ['in the future', { timestamp: '2026-11-24T08:00:00Z' }, ARRIVED],
    ['nowhere', { timestamp: undefined, sentAt: null, receivedAt: null }, ARRIVED],
  ])('a time %s', async (_case, times, expected) => {
    const { sender, hear } = connect({}, { bearerToken: 'a-token-of-16-chars' });
    const message = { ...sender.message('page', { anonymousId: 'a1' }), ...times };
    const { events } = await hear({
      ...raw(sender.webhook(message)),
      headers: { authorization: 'Bearer a-token-of-16-chars' },
      body: Buffer.from(JSON.stringify(message)),
    });
    expect(events[0]?.at).toBe(expected);
  });
});

describe('what is let in', () => {
  const batch = (messages: readonly object[], headers: Record<string, string> = {}) =>
    raw({ method: 'POST', headers, body: JSON.stringify(messages) });

  test('a batch of webhooks needs the bearer token: its signature covers the first event only', async () => {
    const { sender, hear } = connect({}, { bearerToken: 'a-token-of-16-chars' });
    const first = sender.message('page', { anonymousId: 'a1' });
    const signature = sender.webhook(first).headers['x-signature'] ?? '';
    const messages = [first, sender.message('page', { anonymousId: 'a2' })];

    await expect(hear(batch(messages, { 'x-signature': signature }))).rejects.toMatchObject({
      kind: 'auth',
    });
    await expect(
      hear(batch(messages, { authorization: 'Bearer a-token-of-16-charz' })),
    ).rejects.toMatchObject({ kind: 'auth' });
    const { deliveries } = await hear(
      batch(messages, { authorization: 'Bearer a-token-of-16-chars' }),
    );
    expect(deliveries.map(({ group }) => group)).toEqual(['visitor:a1', 'visitor:a2']);
  });

  test('a batch of one is refused even where its one event is signed', async () => {
    const { sender, hear } = connect();
    const first = sender.message('page', { anonymousId: 'a1' });
    const request = sender.webhook(first);
    await expect(hear(raw({ ...request, body: `[${request.body}]` }))).rejects.toMatchObject({
      kind: 'auth',
    });
  });

  test.each([
    ['another write key', `Basic ${Buffer.from('other:').toString('base64')}`],
    ['no write key', ''],
    ['a bearer token', 'Bearer segment-write-key'],
  ])('a tracking call with %s is refused', async (_case, authorization) => {
    const { sender, hear } = connect();
    const call = sender.tracking(sender.message('page', { anonymousId: 'a1' }));
    const request = { ...raw(call), headers: { authorization } };
    await expect(hear(request)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('a hub without write key takes no tracking calls', async () => {
    const { sender, hear } = connect({}, { writeKey: undefined });
    const call = raw(sender.tracking(sender.message('page', { anonymousId: 'a1' })));
    await expect(hear(call)).rejects.toMatchObject({ kind: 'auth' });
  });

  test('a hub without shared secret takes no webhooks', async () => {
    const { webhook } = connect({}, { sharedSecret: undefined });
    await expect(webhook('page', { anonymousId: 'a1' })).rejects.toMatchObject({ kind: 'auth' });
  });

  test.each([
    ['no JSON', 'nonsense'],
    ['a batch that is no list', '{"batch":"all of it"}'],
    ['a list', '[{}]'],
  ])('%s in a tracking call is quarantined', async (_case, body) => {
    const { sender, hear } = connect();
    const call = { ...raw(sender.tracking()), body: Buffer.from(body) };
    await expect(hear(call)).rejects.toMatchObject({ kind: 'data' });
  });

  test.each([
    ['/v1/track', 'track'],
    ['/v1/t', 'track'],
    ['/v1/page?x=1', 'page'],
    ['/in/segment/web/v1/identify', 'identify'],
  ])('a browser calls %s with the write key in the body', async (path, type) => {
    const { hear } = connect();
    const body = { writeKey: 'segment-write-key', anonymousId: 'a1', event: 'Form Submitted' };
    const { deliveries, acknowledged } = await hear(
      raw({ method: 'POST', path, headers: {}, body: JSON.stringify(body) } as OutgoingRequest),
    );
    expect(deliveries.map((one) => one.body)).toMatchObject([{ type, anonymousId: 'a1' }]);
    expect(JSON.stringify(deliveries)).not.toContain('segment-write-key');
    expect(acknowledged.body).toBe('{"success":true}');
  });

  test('a packed batch is unpacked', async () => {
    const { sender, hear } = connect();
    const call = raw(sender.tracking(sender.message('page', { anonymousId: 'a1' })));
    const packed = {
      ...call,
      headers: { ...call.headers, 'content-encoding': 'gzip' },
      body: gzipSync(call.body),
    };
    expect((await hear(packed)).deliveries).toHaveLength(1);
  });
});

describe('the client library of Segment', () => {
  test('pointed at the hub it delivers a hundred events, each once and in order', async () => {
    const { hear } = connect();
    const heard: Awaited<ReturnType<typeof hear>>[] = [];
    const app = new Hono();
    app.post('*', async ({ req }) => {
      const { pathname, search } = new URL(req.url);
      const result = await hear({
        method: 'POST',
        path: pathname + search,
        url: req.url,
        headers: req.header(),
        body: new Uint8Array(await req.arrayBuffer()),
      });
      heard.push(result);
      return new Response(result.acknowledged.body, result.acknowledged);
    });
    await using hub = await serveOnLoopback(app);
    const analytics = new Analytics({
      writeKey: 'segment-write-key',
      host: hub.url,
      flushAt: 100,
      maxRetries: 0,
    });
    const failed: unknown[] = [];
    analytics.on('error', (error) => failed.push(error));
    for (let index = 0; index < 100; index += 1) {
      analytics.track({
        anonymousId: `visitor-${index}`,
        event: 'Asset Downloaded',
        properties: { name: `guide ${index}` },
      });
    }
    await analytics.closeAndFlush();

    expect(failed).toEqual([]);
    expect(heard).toHaveLength(1);
    const { deliveries, events } = heard[0] as (typeof heard)[number];
    expect(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size).toBe(100);
    expect(events.map((event) => event.type === 'touch.recorded' && event.touch.name)).toEqual(
      Array.from({ length: 100 }, (_, index) => `guide ${index}`),
    );
    // The library's clock is the real one; counted back from the arrival it is the hub's.
    expect(Math.abs(Date.parse(events[0]?.at ?? '') - MORNING.getTime())).toBeLessThan(5_000);
  });
});
