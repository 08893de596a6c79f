import { Hono, type MiddlewareHandler } from 'hono';
import { openConnections } from '#connectors/kit/connections.ts';
import type { Delivery, RawRequest } from '#connectors/kit/connector.ts';
import { type OutgoingRequest, serveOnLoopback } from '#connectors/kit/fake.ts';
import { salesforce } from '#connectors/salesforce/connector.ts';
import {
  fakeSalesforce,
  type SalesforceFake,
  type SalesforceFakeOptions,
} from '#connectors/salesforce/fake.ts';
import type { TranslatedEvent } from '#core/events.ts';

export const START = new Date('2026-11-22T09:00:00.000Z');
export const SECRET = 'a-secret-of-the-relay';
export const ORGANIZATION = '00D5f000005KcCnEAK';
export const ADA = 'ada@acme.test';
export const GRACE = 'grace@acme.test';
export const PATH = '/v1/in/salesforce';

const CLIENT = { flow: 'client-credentials', clientId: '3MVG9', clientSecret: 'shh' };

/** A fake organisation on a loopback port, the hub's connection to it, and a clock that tests move. */
export async function openOrganization(
  more: {
    settings?: Record<string, unknown>;
    credentials?: Record<string, unknown>;
    fake?: Partial<SalesforceFakeOptions>;
    /** Stands between the hub and the organisation: a slow line, or a hostile one. */
    between?: (fake: SalesforceFake) => MiddlewareHandler;
  } = {},
) {
  const clock = { at: START };
  const now = () => clock.at;
  const fake = fakeSalesforce({
    now,
    organizationId: ORGANIZATION,
    clientId: CLIENT.clientId,
    clientSecret: CLIENT.clientSecret,
    inboundSecret: SECRET,
    users: [ADA, GRACE],
    ...more.fake,
  });
  const line = new Hono();
  if (more.between !== undefined) line.use('*', more.between(fake));
  const served = await serveOnLoopback(line.route('/', fake.app));
  const connections = openConnections({
    connectors: { salesforce },
    connections: [
      {
        name: 'sf',
        vendor: 'salesforce',
        roles: ['crm'],
        settings: {
          instanceUrl: served.url,
          organizationId: ORGANIZATION.slice(0, 15),
          currency: 'EUR',
          ...more.settings,
        },
      },
    ],
    secrets: {
      credentials: async () => ({ ...(more.credentials ?? CLIENT), inboundSecret: SECRET }),
      signingKey: async () => 'unused',
    },
    now,
  });
  const call = (operation: string, input: unknown, key = 'run-1:step:1', recovering = false) =>
    connections.call({ connection: 'sf', operation, input, key, recovering });

  const { connector, context, operationContext } = connections.open('sf');
  const { inbound } = connector;
  if (inbound === undefined) throw new Error('Salesforce has no inbound side.');

  const open = async (request: RawRequest) => {
    const receiver = await context();
    inbound.verify(request, receiver);
    return inbound.open(request, receiver);
  };
  const translate = async (request: RawRequest): Promise<TranslatedEvent[]> => {
    const events: TranslatedEvent[] = [];
    for (const delivery of await open(request)) {
      const receivedAt = now().toISOString();
      events.push(
        ...(await inbound.translate({ ...delivery, receivedAt }, await operationContext('in'))),
      );
    }
    return events;
  };
  /** What the hub makes of everything that the organisation has sent since the last time. */
  let heard = 0;
  const news = async () => {
    const fresh = fake.sent.slice(heard).map((one) => received(one));
    heard = fake.sent.length;
    return (await Promise.all(fresh.map(translate))).flat();
  };
  /** What the hub makes of everything that a stream holds, page by page, and where it stands. */
  const follow = async (name: string, place: { cursor: unknown } | { from: Date }) => {
    const stream = connector.streams?.[name];
    if (stream === undefined) throw new Error(`Salesforce has no stream '${name}'.`);
    const deliveries: Delivery[] = [];
    let at: { cursor: unknown } | { from: Date } = place;
    let pages = 0;
    for (let more = true; more; pages += 1) {
      const page = await stream.read(await operationContext('stream'), at);
      deliveries.push(...page.deliveries);
      at = { cursor: JSON.parse(JSON.stringify(page.cursor)) };
      more = page.more;
    }
    return { deliveries, place: at, pages };
  };
  const told = async (deliveries: readonly Delivery[]): Promise<TranslatedEvent[]> => {
    const events: TranslatedEvent[] = [];
    for (const delivery of deliveries) {
      const whole = { ...delivery, receivedAt: now().toISOString() };
      events.push(...(await inbound.translate(whole, await operationContext('in'))));
    }
    return events;
  };
  return {
    fake,
    call,
    connector,
    operationContext,
    follow,
    told,
    open,
    translate,
    news,
    clock,
    connections,
    inbound,
    pass: (ms: number) => {
      clock.at = new Date(clock.at.getTime() + ms);
    },
    [Symbol.asyncDispose]: served.close,
  };
}

type Organization = Pick<Awaited<ReturnType<typeof openOrganization>>, 'fake'>;

/** The address of whom the two below are about. */
export const ZOE = 'zoe@buyer.test';

export const leadOf = ({ fake }: Organization, more: object = {}) => ({
  kind: 'lead',
  id: fake.createLead({ Email: ZOE, LastName: 'Z', Company: 'Buyer', ...more }, ADA),
});

export const contactOf = ({ fake }: Organization) => ({
  kind: 'contact',
  id: fake.createContact({ Email: ZOE, LastName: 'Z' }, ADA),
});

/** A request of the vendor as the hub's web side hands it over; SOAP has its secret in the address. */
export function received({ method, headers, body }: OutgoingRequest, path?: string): RawRequest {
  const isXml = (headers['content-type'] ?? '').includes('xml');
  const address = path ?? (isXml ? `${PATH}?token=${SECRET}` : PATH);
  return {
    method,
    path: address,
    url: `https://hub.example.com${address}`,
    headers,
    body: new TextEncoder().encode(body),
  };
}
