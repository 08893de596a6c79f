import { HubError, isHubError } from '#core/errors.ts';
import { Envelope, type Inbox } from '#core/ports/inbox.ts';
import type { Records } from '#core/ports/records.ts';
import { type Quarantined, quarantine, replayHeld } from '#core/quarantine.ts';
import type { Connections, OpenConnection } from './connections.ts';
import type { ConnectionContext, Inbound, RawRequest, RawResponse } from './connector.ts';
import { allowance, preflight } from './cors.ts';
import { envelopeOf } from './envelope.ts';
import { trackingCall } from './segment-spec/deliveries.ts';

interface Deps {
  readonly connections: Connections;
  readonly inbox: Inbox;
  readonly records: Records;
  readonly now: () => Date;
}

/**
 * Takes a vendor's request: verified over its raw bytes, stored before it is answered, answered
 * at once in the way this sender expects. What was verified but can't be understood is kept in
 * quarantine and answered with success, because sending it again would not help. Throws a
 * HubError `auth` for a bad signature and `data` for an address that leads nowhere.
 */
export async function receive(
  deps: Deps,
  to: { vendor?: string | undefined; connection?: string | undefined },
  request: RawRequest,
): Promise<RawResponse> {
  if (request.method === 'OPTIONS') return preflight(deps.connections, request);
  const opened = await addressee(deps, to, request);
  const context = await opened.context();
  const inbound = inboundOf(opened);
  inbound.verify(request, context);
  await store(deps, opened, inbound, context, request);
  const { headers, ...answer } = inbound.acknowledge(request);
  const sites = inbound.sites?.(context.settings) ?? [];
  return { ...answer, headers: { ...headers, ...allowance(request, sites) } };
}

/** Tries something held in quarantine again, as it came. */
export async function replay(
  deps: Deps & { takeIn(envelope: Envelope): Promise<void> },
  id: string,
): Promise<void> {
  await replayHeld(deps.records, id, async ({ connection, content, at }) => {
    if (content.kind === 'envelope') return deps.takeIn(Envelope.parse(content.envelope));
    const opened = deps.connections.open(connection);
    const { body, ...request } = content;
    const raw = { ...request, body: Buffer.from(body, 'base64') };
    return store(deps, opened, inboundOf(opened), await opened.context(), raw, at);
  });
}

async function store(
  deps: Deps,
  opened: OpenConnection,
  inbound: Inbound<unknown, unknown>,
  context: ConnectionContext<unknown, unknown>,
  request: RawRequest,
  receivedAt = deps.now().toISOString(),
): Promise<void> {
  try {
    const deliveries = inbound.open(request, context);
    await deps.inbox.put(
      deliveries.map((delivery) => envelopeOf(opened.connection, delivery, receivedAt)),
    );
  } catch (error) {
    if (!isHubError(error, 'data')) throw error;
    await quarantine(deps.records, {
      ...held(opened, error, receivedAt),
      content: keptRequest(request),
    });
  }
}

const held = (opened: OpenConnection, error: HubError, at: string) => ({
  at,
  connection: opened.connection.name,
  vendor: opened.connection.vendor,
  code: error.code,
  message: error.message,
});

/** Signatures and secrets have done their work and are not kept. */
const SECRET_HEADER = /auth|token|secret|signature|cookie|key/;
/** A sender that can't set headers has its secret in the address. */
const SECRET_PARAMETER = /([?&][^=&]*(?:auth|token|secret|signature|key)[^=&]*=)[^&#]*/gi;

function keptRequest(request: RawRequest): Quarantined['content'] {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !SECRET_HEADER.test(name)),
  );
  return {
    kind: 'request',
    method: request.method,
    path: request.path.replace(SECRET_PARAMETER, '$1'),
    url: request.url.replace(SECRET_PARAMETER, '$1'),
    headers,
    body: Buffer.from(request.body).toString('base64'),
  };
}

/** By name in the URL; a tracking call names nobody, so its write key says which connection it is for. */
async function addressee(
  deps: Deps,
  to: { vendor?: string | undefined; connection?: string | undefined },
  request: RawRequest,
): Promise<OpenConnection> {
  if (to.connection === undefined) return byWriteKey(deps, request);
  const opened = deps.connections.names.includes(to.connection)
    ? deps.connections.open(to.connection)
    : undefined;
  if (opened === undefined || opened.connection.vendor !== to.vendor) {
    throw new HubError(
      'data',
      'connection_unknown',
      `No connection '${to.connection}' of '${to.vendor}' is configured.`,
    );
  }
  return opened;
}

async function byWriteKey(deps: Deps, request: RawRequest): Promise<OpenConnection> {
  if (trackingCall(request) === undefined) {
    throw new HubError(
      'data',
      'call_unknown',
      'The tracking API has no such call: see docs/connecting.md for those that there are.',
    );
  }
  const candidates = deps.connections.names
    .map((name) => deps.connections.open(name))
    .filter(({ connector }) => connector.inbound?.tracking);
  for (const candidate of candidates) {
    try {
      inboundOf(candidate).verify(request, await candidate.context());
      return candidate;
    } catch (error) {
      if (!isHubError(error, 'auth')) throw error;
    }
  }
  throw new HubError(
    'auth',
    'write_key_unknown',
    'The write key belongs to no connection of this hub.',
  );
}

function inboundOf(opened: OpenConnection): Inbound<unknown, unknown> {
  const { inbound } = opened.connector;
  if (inbound !== undefined) return inbound;
  throw new HubError(
    'data',
    'inbound_unknown',
    `${opened.connector.title} sends nothing to the hub.`,
  );
}
