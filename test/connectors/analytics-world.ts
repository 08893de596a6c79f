import { type Connections, openConnections } from '#connectors/kit/connections.ts';
import type { Connector, RawRequest } from '#connectors/kit/connector.ts';
import type { OutgoingRequest } from '#connectors/kit/fake.ts';
import { receive } from '#connectors/kit/receive.ts';
import type { TranslatedEvent } from '#core/events.ts';
import type { Envelope } from '#core/ports/inbox.ts';
import { openStore } from '#test/support/embedded-store.ts';

export const MORNING = new Date('2026-11-22T09:00:00.000Z');

/** A door of the hub for one connection of one vendor, and the understanding of what came in. */
export function openDoor(
  connector: Connector,
  { credentials, settings = {} }: { credentials: object; settings?: object },
  now: () => Date = () => MORNING,
) {
  const store = openStore();
  const name = `${connector.id}-site`;
  const connections: Connections = openConnections({
    connectors: { [connector.id]: connector },
    connections: [
      { name, vendor: connector.id, roles: [], settings: settings as Record<string, unknown> },
    ],
    secrets: { credentials: async () => credentials, signingKey: async () => 'key' },
    now,
  });
  const envelopes: Envelope[] = [];
  const deps = {
    connections,
    records: store.records,
    inbox: {
      put: async (all: readonly Envelope[]) => {
        envelopes.push(...all);
        return { repeats: 0 };
      },
    },
    now,
  };
  const path = `/in/${connector.id}/${name}`;
  return {
    envelopes,
    /** What lies in quarantine, by the code of why. */
    quarantined: () =>
      store
        .rows()
        .filter(({ type }) => type === 'quarantined')
        .map(({ data }) => (JSON.parse(data) as { code: string }).code),
    knock: (request: OutgoingRequest) =>
      receive(deps, { vendor: connector.id, connection: name }, raw(request, path)),
    /** What one envelope means. */
    async understand(envelope: Envelope): Promise<TranslatedEvent[]> {
      const opened = connections.open(name);
      const { inbound } = opened.connector;
      return inbound?.translate(envelope, await opened.operationContext('none')) ?? [];
    },
    [Symbol.dispose]: () => store.dispose(),
  };
}

const raw = (request: OutgoingRequest, path: string): RawRequest => ({
  ...request,
  path,
  url: `https://hub.example${path}`,
  body: Buffer.from(request.body),
});
