import * as z from 'zod';
import { botClassOf } from '#connectors/kit/bot-class.ts';
import type { ConnectionContext, Inbound, RawRequest } from '#connectors/kit/connector.ts';
import { jsonBody } from '#connectors/kit/json-body.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { messageDelivery, trackingCall } from '#connectors/kit/segment-spec/deliveries.ts';
import { translateMessage } from '#connectors/kit/segment-spec/translate.ts';
import { badSignature, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { SegmentCredentials, SegmentSettings } from './credentials.ts';
import { verifySegment } from './signature.ts';

/** Two ways in: the webhook destination, and the tracking API that the client libraries speak. */
export const inbound: Inbound<SegmentCredentials, SegmentSettings> = {
  tracking: true,
  sites: ({ sites }) => sites,

  verify(request, context) {
    if (trackingCall(request) === undefined) verifyWebhook(request, context);
    else verifyWriteKey(request, context);
  },

  open(request) {
    const call = trackingCall(request);
    const body = parse(request);
    if (call === undefined) return [body].flat().map(messageDelivery);
    if (Array.isArray(body)) throw unreadable('The tracking API takes lists as a batch only.');
    if (call !== 'batch')
      return [messageDelivery(asReceived(ofVisitor({ type: call, ...body }, request), {}))];
    const { batch, ...around } = parseBatch(body);
    return batch.map((one) => messageDelivery(asReceived(one, around)));
  },

  acknowledge: (request) => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: trackingCall(request) === undefined ? '{"received":true}' : '{"success":true}',
  }),

  translate: translateMessage,
};

type Context = ConnectionContext<SegmentCredentials, SegmentSettings>;

/**
 * A signature covers one event only: of a batch Segment signs the first and trusts us with the
 * rest, so that a batch of more than one needs a secret for all of it.
 */
function verifyWebhook(request: RawRequest, { credentials }: Context): void {
  const bearer = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
  const { bearerToken, sharedSecret } = credentials;
  if (bearerToken !== undefined && equalSecrets(bearer, bearerToken)) return;
  const [first, ...more] = batchIn(request) ?? [];
  if (more.length > 0) throw badSignature('The bearer token that a batch of events needs');
  const signed = first === undefined ? request.body : Buffer.from(JSON.stringify(first));
  verifySegment({ ...request, body: signed }, sharedSecret);
}

/** The events of a batch; `undefined` where the body is none. */
function batchIn(request: RawRequest): unknown[] | undefined {
  if (!Buffer.from(request.body).toString('utf8').trimStart().startsWith('[')) return undefined;
  try {
    return z.array(z.unknown()).parse(jsonBody(request));
  } catch {
    return undefined;
  }
}

/** As the user name of Basic authorisation, or in the body where a browser can't set a header. */
function verifyWriteKey(request: RawRequest, { credentials }: Context): void {
  const [, basic] = /^Basic (.+)$/.exec(request.headers['authorization'] ?? '') ?? [];
  const given =
    basic === undefined
      ? keyInBody(request)
      : Buffer.from(basic, 'base64').toString('utf8').split(':')[0];
  if (credentials.writeKey === undefined || !equalSecrets(given ?? '', credentials.writeKey)) {
    throw badSignature("The tracking call's write key");
  }
}

function keyInBody(request: RawRequest): string | undefined {
  try {
    return WithKey.safeParse(parse(request)).data?.writeKey;
  } catch {
    return undefined;
  }
}

/**
 * Does what Segment does to a message on arrival: the client's `timestamp` becomes
 * `originalTimestamp`, to be corrected by `sentAt`.
 */
function asReceived(message: Raw, around: Omit<Batch, 'batch'>): Raw {
  const { timestamp, writeKey: _, ...rest } = message;
  return {
    ...knownOnly(around),
    ...rest,
    ...(timestamp === undefined ? {} : { originalTimestamp: timestamp }),
  };
}

/**
 * The hub's own script runs where its visitor is, so the header tells what that is; of it no more
 * is kept. A server's library tells only of the server.
 */
function ofVisitor(message: Raw, { headers }: RawRequest): Raw {
  const { library, ...context } = OwnContext.safeParse(message['context']).data ?? {};
  const bot = library === undefined ? undefined : botClassOf(headers['user-agent']);
  return bot === undefined ? message : { ...message, context: { ...context, library, bot } };
}

function parse(request: RawRequest): Raw | Raw[] {
  try {
    return Body.parse(jsonBody(request));
  } catch (cause) {
    throw unreadable('The call carries no JSON of events.', cause);
  }
}

function parseBatch(body: unknown): Batch {
  const parsed = Batch.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unreadable('The batch is no list of events.', parsed.error);
}

function unreadable(said: string, cause?: unknown): HubError {
  return new HubError('data', 'segment_body_unreadable', said, { cause });
}

const Raw = z.record(z.string(), z.unknown());
type Raw = z.infer<typeof Raw>;
const Body = z.union([Raw, z.array(Raw)]);
const OwnContext = z.looseObject({ library: z.looseObject({ name: z.literal('baton.js') }) });
const WithKey = z.object({ writeKey: z.string() });
const Batch = z.object({
  batch: z.array(Raw),
  sentAt: z.string().optional(),
  context: Raw.optional(),
});
type Batch = z.infer<typeof Batch>;
