import { Hono } from 'hono';
import * as z from 'zod';
import { type Fake, type FakeOptions, outage } from '#connectors/kit/fake.ts';
import { hangUp } from '#connectors/kit/hang-up.ts';

export interface FakeGa4 extends Fake {
  /** Credentials and settings that fit this fake, for a connection to it. */
  connectionTo(url: string): { credentials: object; settings: object };
  /** What was sent and would be dropped in silence, with the reason. */
  readonly dropped: readonly string[];
}

const Payload = z.object({
  client_id: z.string().min(1),
  user_id: z.string().optional(),
  timestamp_micros: z.string().regex(/^\d+$/),
  events: z
    .array(
      z.object({
        name: z.string().regex(/^[a-z]\w{0,39}$/i),
        params: z
          .record(z.string().regex(/^[a-z]\w{0,39}$/i), z.union([z.string().max(100), z.number()]))
          .refine((params) => Object.keys(params).length <= 25, 'more than 25 params'),
      }),
    )
    .min(1)
    .max(25),
});

const MOST_AGE_MS = 72 * 3_600_000;

/** A data stream that says yes to everything and keeps what it can use. */
export function fakeGa4(options: FakeOptions & { apiSecret?: string }): FakeGa4 {
  const { now, faults, apiSecret = 'ga4-secret' } = options;
  const measurementId = 'G-SANDBOX01';
  const app = new Hono();
  const dropped: string[] = [];
  const fake: FakeGa4 = {
    app,
    outageUntil: undefined,
    writes: [],
    dropped,
    connectionTo: (url) => ({
      credentials: { apiSecret },
      settings: { measurementId, baseUrl: url },
    }),
  };
  app.use(outage(fake, now));
  app.use(async (context, next) => {
    if (faults?.strikes('outage', context.req.path)) return context.text('', 503);
    if (faults?.strikes('throttle', context.req.path)) {
      return context.text('', 429, { 'retry-after': '30' });
    }
    await next();
    return undefined;
  });

  /** What is wrong with a call, in the words of the validating address. */
  const problem = (query: Record<string, string>, body: unknown) => {
    if (query['measurement_id'] !== measurementId) return ['measurement_id', 'VALUE_INVALID'];
    if (query['api_secret'] !== apiSecret) return ['api_secret', 'VALUE_INVALID'];
    const parsed = Payload.safeParse(body);
    const issue = parsed.error?.issues[0];
    if (parsed.data === undefined) return [String(issue?.path.join('.')), String(issue?.message)];
    const age = now().getTime() - Number(parsed.data.timestamp_micros) / 1000;
    return age > MOST_AGE_MS ? ['timestamp_micros', 'older than 72 hours'] : undefined;
  };

  app.post('/mp/collect', async (context) => {
    const body = await context.req.json();
    const [fieldPath, why] = problem(context.req.query(), body) ?? [];
    if (fieldPath !== undefined) {
      dropped.push(`${fieldPath}: ${why}`);
      return context.body(null, 204);
    }
    const { client_id, events, ...rest } = Payload.parse(body);
    const at = now().toISOString();
    const detail = { ...rest, events };
    fake.writes.push({ verb: 'conversion.report', target: client_id, at, detail });
    if (faults?.strikes('lost-answer', context.req.path)) return hangUp(context);
    return context.body(null, 204);
  });

  app.post('/debug/mp/collect', async (context) => {
    const [fieldPath, description] = problem(context.req.query(), await context.req.json()) ?? [];
    const messages = { fieldPath, description, validationCode: 'VALUE_INVALID' };
    return context.json({ validationMessages: fieldPath === undefined ? [] : [messages] });
  });
  return fake;
}
