import { openConnections } from '#connectors/kit/connections.ts';
import type { Connector } from '#connectors/kit/connector.ts';
import { type Fake, serveOnLoopback } from '#connectors/kit/fake.ts';

export const now = () => new Date('2026-11-22T09:00:00.000Z');

interface Connectable extends Fake {
  connectionTo(url: string): { credentials: object; settings: object };
}

/** A provider that is asked about people, and the one connection to it, under its own id. */
export async function connectProvider<Provider extends Connectable>(
  connector: Connector,
  fake: Provider,
  differing: { readonly settings?: object; readonly credentials?: object } = {},
) {
  const name = connector.id;
  const served = await serveOnLoopback(fake.app);
  const account = fake.connectionTo(served.url);
  const connections = openConnections({
    connectors: { [name]: connector },
    connections: [
      {
        name,
        vendor: name,
        roles: ['enrichment'],
        settings: { ...account.settings, ...differing.settings },
      },
    ],
    secrets: {
      credentials: async () => ({ ...account.credentials, ...differing.credentials }),
      signingKey: async () => 'key',
    },
    now,
  });
  return {
    fake,
    enrich: (email: string, timeoutMs = 3_000) =>
      connections.call({
        connection: name,
        operation: 'person.enrich',
        input: { email, timeoutMs },
        key: 'effect-1',
        recovering: false,
      }),
    /** What `baton doctor` finds of the credentials. */
    async examine() {
      const { operationContext } = connections.open(name);
      return connector.examination?.credentials(await operationContext('none'));
    },
    [Symbol.asyncDispose]: () => served.close(),
  };
}
