import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type {
  ConnectionContext,
  Delivery,
  Inbound,
  RawRequest,
} from '#connectors/kit/connector.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { badSignature, contentHash, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { SegmentCredentials, SegmentSettings } from './credentials.ts';
import { verifySegment } from './signature.ts';
import { translate } from './translate.ts';

/** Two ways in: the webhook destination, and the tracking API that the client libraries speak. */
export const inbound: Inbound<SegmentCredentials, SegmentSettings> = {
  tracking: true,

  verify(request, context) {
    if (trackingCall(request) === undefined) verifyWebhook(request, context);
    else verifyWriteKey(request, context);
  },

  open(request) {
    const call = trackingCall(request);
    const body = parse(request);
    if (call === undefined) return [body].flat().map(toDelivery);
    if (Array.isArray(body)) throw unreadable('The tracking API takes lists as a batch only.');
    if (call !== 'batch') return [toDelivery(asReceived({ type: call, ...body }, {}))];
    const { batch, ...around } = parseBatch(body);
    return batch.map((one) => toDelivery(asReceived(one, around)));
  },

  acknowledge: (request) => ({
    status: 200,
    headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' },
    body: trackingCall(request) === undefined ? '{"received":true}' : '{"success":true}',
  }),

  translate,
};

/** https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/; browsers use the initials. */
const CALLS: Readonly<Record<string, string>> = {
  ...{ i: 'identify', t: 'track', p: 'page', s: 'screen', g: 'group', a: 'alias', b: 'batch' },
  ...{ import: 'batch' },
};

/** Which call of the tracking API the path names, if it names one. */
function trackingCall({ path }: RawRequest): string | undefined {
  const name = /\/v1\/([a-z]+)\/?(?:\?|$)/.exec(path)?.[1] ?? '';
  const full = CALLS[name] ?? name;
  return Object.values(CALLS).includes(full) ? full : undefined;
}

type Context = ConnectionContext<SegmentCredentials, SegmentSettings>;

/** A signature covers one event only: of a batch Segment signs the first and trusts us with the rest. */
function verifyWebhook(request: RawRequest, { credentials }: Context): void {
  const bearer = request.headers['authorization']?.replace(/^Bearer /, '') ?? '';
  const { bearerToken } = credentials;
  if (bearerToken !== undefined && equalSecrets(bearer, bearerToken)) return;
  if (Buffer.from(request.body).toString('utf8').trimStart().startsWith('[')) {
    throw badSignature('The bearer token that a batch of events needs');
  }
  verifySegment(request, credentials.sharedSecret);
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

function toDelivery(message: Raw): Delivery {
  const { messageId, anonymousId, userId } = Names.parse(message);
  return {
    dedupeKey: messageId ?? contentHash(JSON.stringify(message)),
    group: `visitor:${anonymousId ?? userId ?? 'unknown'}`,
    body: message,
  };
}

/** The largest call that Segment's own API takes is 500 KB. */
const MOST_BYTES = 2 * 1024 * 1024;

function parse(request: RawRequest): Raw | Raw[] {
  try {
    const packed = request.headers['content-encoding'] === 'gzip';
    const bytes = packed
      ? gunzipSync(request.body, { maxOutputLength: MOST_BYTES })
      : Buffer.from(request.body);
    return Body.parse(JSON.parse(bytes.toString('utf8')));
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
const WithKey = z.object({ writeKey: z.string() });
const Batch = z.object({
  batch: z.array(Raw),
  sentAt: z.string().optional(),
  context: Raw.optional(),
});
type Batch = z.infer<typeof Batch>;
const given = z.string().min(1).optional().catch(undefined);
const Names = z.object({ messageId: given, anonymousId: given, userId: given });
