import { openConnections } from '#connectors/kit/connections.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { slack } from '#connectors/slack/connector.ts';
import { type FakeSlackOptions, fakeSlack } from '#connectors/slack/fake.ts';

export const MORNING = new Date('2026-11-22T09:00:00.000Z');

/** A connection to a fake workspace on loopback, with a clock that stands still until it is set. */
export async function connect(
  options: Partial<FakeSlackOptions> = {},
  settings: Record<string, unknown> = {},
) {
  const clock = { now: MORNING };
  const requests: OutgoingRequest[] = [];
  const fake = fakeSlack({
    now: () => clock.now,
    notify: (request) => requests.push(request),
    ...options,
  });
  const served = await serveOnLoopback(fake.app);
  const account = fake.connectionTo(served.url);
  const connections = openConnections({
    connectors: { slack },
    connections: [
      {
        name: 'chat',
        vendor: 'slack',
        roles: ['chat'],
        settings: { ...account.settings, ...settings },
      },
    ],
    secrets: { credentials: async () => account.credentials, signingKey: async () => 'key' },
    now: () => clock.now,
  });
  const call = (operation: string, input: unknown, { key = 'effect-1', recovering = false } = {}) =>
    connections.call({ connection: 'chat', operation, input, key, recovering });
  return {
    clock,
    fake,
    requests,
    call,
    connections,
    url: served.url,
    post: (more: object = {}, how: { key?: string; recovering?: boolean } = {}) =>
      call('message.post', { ...INVITATION, ...more }, how) as Promise<Posted>,
    [Symbol.asyncDispose]: () => served.close(),
  };
}

export type Connected = Awaited<ReturnType<typeof connect>>;
type Posted = { channel: string; message: string };

export const INVITATION = {
  to: '#leads',
  title: 'A lead for you: Ada Lovelace, Acme',
  lines: ['They need: a demo', 'Came from: https://acme.example/pricing?a=1&b=2'],
  handoffId: 'ho_1:0',
  actions: ['accept', 'reject', 'snooze'],
  reasons: [
    { code: 'no-budget', label: 'No budget' },
    { code: 'wrong-person', label: 'Wrong person' },
  ],
};

/** A request as the hub's web server hands it over. */
export function raw(request: OutgoingRequest): RawRequest {
  const path = '/in/slack/chat';
  return { ...request, path, url: `https://hub.example${path}`, body: Buffer.from(request.body) };
}

/** Takes a request in as the hub does. */
export async function hear({ connections, clock }: Connected, request: RawRequest) {
  const opened = connections.open('chat');
  const context = await opened.operationContext('none');
  const { inbound } = opened.connector;
  if (inbound === undefined) throw new Error('Slack takes no requests.');
  inbound.verify(request, context);
  const deliveries = inbound.open(request, context);
  const receivedAt = clock.now.toISOString();
  const events = await Promise.all(
    deliveries.map((delivery) => inbound.translate({ ...delivery, receivedAt }, context)),
  );
  return { deliveries, events: events.flat(), acknowledged: inbound.acknowledge(request) };
}
