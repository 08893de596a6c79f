import { openConnections } from '#connectors/kit/connections.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { marketo } from '#connectors/marketo/connector.ts';
import type { FakeMarketoOptions } from '#connectors/marketo/fake/instance.ts';
import { fakeMarketo } from '#connectors/marketo/fake.ts';
import { type SeenRequest, watched } from './marketo-requests.ts';

export const MORNING = new Date('2026-11-22T09:00:00.000Z');

/** A connection to a fake Marketo on loopback, with a clock that stands still until it is set. */
export async function connect(
  options: Partial<FakeMarketoOptions> = {},
  settings: Record<string, unknown> = {},
  credentials: object = {},
) {
  const clock = { now: MORNING };
  const requests: OutgoingRequest[] = [];
  const fake = fakeMarketo({
    now: () => clock.now,
    notify: (request) => requests.push(request),
    ...options,
  });
  const seen: SeenRequest[] = [];
  const served = await serveOnLoopback(watched(fake.app, seen));
  const account = fake.connectionTo(served.url);
  const connections = openConnections({
    connectors: { marketo },
    connections: [
      {
        name: 'map',
        vendor: 'marketo',
        roles: ['map'],
        settings: { ...account.settings, ...settings },
      },
    ],
    secrets: {
      credentials: async () => ({ ...account.credentials, ...credentials }),
      signingKey: async () => 'key',
    },
    now: () => clock.now,
  });
  const call = (operation: string, input: unknown, recovering = false) =>
    connections.call({ connection: 'map', operation, input, key: 'effect-1', recovering });
  return {
    clock,
    fake,
    requests,
    seen,
    call,
    connections,
    url: served.url,
    [Symbol.asyncDispose]: () => served.close(),
  };
}

export type Connected = Awaited<ReturnType<typeof connect>>;

/** A request as the hub's web server hands it over. */
export function raw(request: OutgoingRequest): RawRequest {
  const path = '/in/marketo/map';
  return {
    ...request,
    path,
    url: `https://hub.example${path}`,
    body: Buffer.from(request.body),
  };
}

/** Takes a request in as the hub does. */
export async function hear({ connections, clock }: Connected, request: RawRequest) {
  const opened = connections.open('map');
  const context = await opened.operationContext('none');
  const { inbound } = opened.connector;
  if (inbound === undefined) throw new Error('Marketo takes no requests.');
  inbound.verify(request, context);
  const deliveries = inbound.open(request, context);
  const receivedAt = clock.now.toISOString();
  const events = await Promise.all(
    deliveries.map((delivery) => inbound.translate({ ...delivery, receivedAt }, context)),
  );
  return { deliveries, events: events.flat() };
}

export const ADA = { email: 'ada@acme.example', facts: { firstName: 'Ada' } };
export const ADA_OF_ACME = { ...ADA, facts: { ...ADA.facts, company: 'Acme' } };
