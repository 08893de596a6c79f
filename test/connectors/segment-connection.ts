import { openConnections } from '#connectors/kit/connections.ts';
import type { RawRequest } from '#connectors/kit/connector.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import { segment } from '#connectors/segment/connector.ts';
import { segmentSender } from '#connectors/segment/fake.ts';

export const MORNING = new Date('2026-11-22T09:00:00.000Z');
const now = () => MORNING;

/** A connection that hears what a site sends at a time that stands still. */
export function connect(settings: Record<string, unknown> = {}, credentials: object = {}) {
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

/** A request as the hub's web server hands it over. */
export function raw(request: OutgoingRequest & { path?: string }): RawRequest {
  const path = request.path ?? '/in/segment/web';
  return { ...request, path, url: `https://hub.example${path}`, body: Buffer.from(request.body) };
}
