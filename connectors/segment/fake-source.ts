import { Hono } from 'hono';
import * as z from 'zod';
import { type Fake, type FakeOptions, outage } from '#connectors/kit/fake.ts';
import { hangUp } from '#connectors/kit/hang-up.ts';

/** A source at Segment: takes events, each message once. */
export interface FakeSegmentSource extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
}

const Track = z.looseObject({
  messageId: z.string(),
  event: z.string(),
  anonymousId: z.string().optional(),
  userId: z.string().optional(),
});

const MOST_BYTES = 32 * 1024;

export function fakeSegmentSource(options: FakeOptions & { key?: string }): FakeSegmentSource {
  const { now, faults, key = 'source-write-key' } = options;
  const app = new Hono();
  const seen = new Set<string>();
  const fake: FakeSegmentSource = {
    app,
    outageUntil: undefined,
    writes: [],
    connectionTo: (url) => ({
      credentials: { sourceWriteKey: key },
      settings: { baseUrl: url },
    }),
  };
  app.use(outage(fake, now));
  app.use(async (context, next) => {
    const { path } = context.req;
    if (faults?.strikes('outage', path)) return context.text('', 503);
    if (faults?.strikes('throttle', path)) {
      const reset = { 'retry-after': '7', 'x-ratelimit-reset': '7' };
      return context.json({ success: false, message: 'rate limited' }, 429, reset);
    }
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    if (context.req.header('authorization') !== authorization) return context.text('', 401);
    await next();
    return undefined;
  });

  app.post('/v1/track', async (context) => {
    const text = await context.req.text();
    const { success, data } = Track.safeParse(JSON.parse(text));
    const isNobody = data?.anonymousId === undefined && data?.userId === undefined;
    if (!success || isNobody || Buffer.byteLength(text) > MOST_BYTES) {
      return context.json({ success: false, message: 'malformed' }, 400);
    }
    const { messageId, event, ...detail } = data;
    if (!seen.has(messageId)) {
      seen.add(messageId);
      const at = now().toISOString();
      fake.writes.push({ verb: 'conversion.report', target: event, key: messageId, at, detail });
    }
    if (faults?.strikes('lost-answer', context.req.path)) return hangUp(context);
    return context.json({ success: true });
  });
  app.post('/v1/batch', (context) => context.json({ success: true }));
  return fake;
}
