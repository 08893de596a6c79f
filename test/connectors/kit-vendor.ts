import { Hono } from 'hono';
import * as z from 'zod';
import type { BudgetSurroundings } from '#connectors/kit/budget.ts';
import { openConnections } from '#connectors/kit/connections.ts';
import { defineConnector, defineOperation } from '#connectors/kit/connector.ts';
import { serveOnLoopback } from '#connectors/kit/fake.ts';
import type { Limits } from '#connectors/kit/limits.ts';
import { HubError } from '#core/errors.ts';
import type { Trouble } from '#core/limits/episodes.ts';
import type { Urgency } from '#core/ports/operations.ts';
import { embeddedStates } from '#platform/embedded/connection-states.ts';
import { MORNING, openStore } from '#test/support/embedded-store.ts';

const Settings = z.strictObject({ url: z.string() });
const Credentials = z.strictObject({ secret: z.string() });

/** A vendor as plain as can be: tokens by secret, things to read and to write. */
const plain = (limits: Limits) =>
  defineConnector<z.infer<typeof Credentials>, z.infer<typeof Settings>>({
    id: 'plain',
    title: 'Plain',
    docs: 'https://plain.example',
    credentials: Credentials,
    settings: Settings,
    limits: () => limits,
    http: {
      baseUrl: ({ settings }) => settings.url,
      timeoutMs: 5_000,
      headers: (_, token) => ({ authorization: `Bearer ${token}` }),
      fetchToken: async (http, { credentials, settings }) => {
        const { data } = await http.post(`${settings.url}/token`, credentials);
        return { token: z.object({ token: z.string() }).parse(data).token };
      },
      tokenRefused: ({ status }) => status === 401,
      failure: ({ status, headers }) => {
        if (status === 429) {
          const retryAfterMs = Number(headers['retry-after']) * 1_000;
          const details = { retryAfterMs, limit: 'burst' };
          return new HubError('retry', 'plain_throttled', 'Plain has had too much.', details);
        }
        if (status === 401) return new HubError('auth', 'plain_refused', 'Plain knows us not.');
        return status >= 500 ? new HubError('retry', 'plain_down', 'Plain is down.') : undefined;
      },
      quota: ({ headers }) =>
        headers['x-left'] === undefined
          ? undefined
          : { most: 1_000, remaining: Number(headers['x-left']) },
    },
    operations: {
      read: defineOperation({
        summary: 'Reads a thing.',
        idempotent: true,
        input: z.strictObject({}),
        output: z.strictObject({}),
        run: async ({ http }) => {
          await http.get('/things');
          return {};
        },
      }),
      twice: defineOperation({
        summary: 'Writes two things.',
        idempotent: false,
        input: z.strictObject({}),
        output: z.strictObject({}),
        run: async ({ http }) => {
          await http.post('/things', {});
          await http.post('/things', {});
          return {};
        },
      }),
    },
  });

/** A connection to that vendor on loopback, with its budget; the vendor does what it is told. */
export async function openPlain(
  limits: Limits = { rates: [] },
  more: Partial<BudgetSurroundings> = {},
  change: { readonly secret: () => string } = { secret: () => 'first' },
) {
  const vendor = {
    tokens: 0,
    keepsTokens: false,
    calls: 0,
    authorisations: [] as string[],
    good: new Set<string>(),
    answers: (): Response | undefined => undefined,
  };
  const app = new Hono();
  app.post('/token', async (request) => {
    vendor.tokens += 1;
    if (vendor.keepsTokens) return request.json({}, 503);
    const { secret } = await request.req.json<{ secret: string }>();
    const token = `${secret}-${vendor.tokens}`;
    vendor.good.add(token);
    return request.json({ token });
  });
  app.all('/things', (request) => {
    vendor.calls += 1;
    const token = request.req.header('authorization')?.replace('Bearer ', '') ?? '';
    vendor.authorisations.push(token);
    if (!vendor.good.has(token)) return request.json({}, 401);
    return vendor.answers() ?? request.json({});
  });
  const served = await serveOnLoopback(app);
  const store = openStore();
  const clock = { at: MORNING.getTime() };
  const now = () => new Date(clock.at);
  const told: Trouble[] = [];
  const connections = openConnections({
    connectors: { plain: plain(limits) },
    connections: [{ name: 'one', vendor: 'plain', roles: [], settings: { url: served.url } }],
    secrets: {
      credentials: async () => ({ secret: change.secret() }),
      signingKey: async () => 'key',
    },
    now,
    budget: {
      states: embeddedStates(store.records, now),
      worker: 'hub',
      tell: async (trouble) => void told.push(trouble),
      ...more,
    },
  });
  return {
    vendor,
    clock,
    told,
    call: (operation = 'read', urgency?: Urgency) =>
      connections.call({
        connection: 'one',
        operation,
        input: {},
        key: 'effect-1',
        recovering: false,
        urgency,
      }),
    async [Symbol.asyncDispose]() {
      store.dispose();
      await served.close();
    },
  };
}
