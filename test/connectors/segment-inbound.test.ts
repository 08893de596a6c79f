import { gzipSync } from 'node:zlib';
import { Analytics } from '@segment/analytics-node';
import { Hono } from 'hono';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { connect, MORNING, raw } from './segment-connection.ts';

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

  test('a batch of one is signed as its one event is', async () => {
    const { sender, hear } = connect();
    const request = sender.webhook(sender.message('page', { anonymousId: 'a1' }));
    const { deliveries } = await hear(raw({ ...request, body: `[${request.body}]` }));
    expect(deliveries.map(({ group }) => group)).toEqual(['visitor:a1']);
    const other = request.body.replace('a1', 'a2');
    await expect(hear(raw({ ...request, body: `[${other}]` }))).rejects.toMatchObject({
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
