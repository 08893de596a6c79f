import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type {
  ConnectionContext,
  Delivery,
  Inbound,
  RawRequest,
} from '#connectors/kit/connector.ts';
import { badSignature, contentHash, equalSecrets } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import type { SegmentCredentials, SegmentSettings } from './credentials.ts';
import { verifySegment } from './signature.ts';
import { translate } from './translate.ts';

/** Two ways in: the webhook destination, and the tracking API that the client libraries speak. */
export const inbound: Inbound<SegmentCredentials, SegmentSettings> = {
  verify(request, context) {
    if (trackingCall(request) === undefined) verifyWebhook(request, context);
    else verifyWriteKey(request, context);
  },

  open(request) {
    const call = trackingCall(request);
    const body = parse(request);
    if (call === undefined) return [body].flat().map(toDelivery);
    const { batch, sentAt, context } = Batch.parse(body);
    const messages = call === 'batch' ? (batch ?? []) : [{ type: call, ...body }];
    return messages.map((one) => toDelivery(asReceived(one, sentAt, context)));
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
  if (credentials.bearerToken !== undefined && equalSecrets(bearer, credentials.bearerToken))
    return;
  if (Array.isArray(parse(request))) {
    throw badSignature('The bearer token that a batch of events needs');
  }
  verifySegment(request, credentials.sharedSecret);
}

/** As the user name of Basic authorisation, or in the body where a browser can't set a header. */
function verifyWriteKey(request: RawRequest, { credentials }: Context): void {
  const [, basic] = /^Basic (.+)$/.exec(request.headers['authorization'] ?? '') ?? [];
  const given =
    basic === undefined
      ? WithKey.safeParse(parse(request)).data?.writeKey
      : Buffer.from(basic, 'base64').toString('utf8').split(':')[0];
  if (credentials.writeKey === undefined || !equalSecrets(given ?? '', credentials.writeKey)) {
    throw badSignature("The tracking call's write key");
  }
}

/**
 * Does what Segment does to a message on arrival: the client's `timestamp` becomes
 * `originalTimestamp`, to be corrected by `sentAt`.
 */
function asReceived(message: Raw, sentAt: string | undefined, context: Raw | undefined): Raw {
  const { timestamp, writeKey: _, ...rest } = message;
  return {
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(context === undefined ? {} : { context }),
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
    throw new HubError('data', 'segment_body_unreadable', 'The call carries no JSON of events.', {
      cause,
    });
  }
}

const Raw = z.record(z.string(), z.unknown());
type Raw = z.infer<typeof Raw>;
const Body = z.union([Raw, z.array(Raw)]);
const WithKey = z.object({ writeKey: z.string() });
const Batch = z.looseObject({
  batch: z.array(Raw).optional(),
  sentAt: z.string().optional(),
  context: Raw.optional(),
});
const name = z.string().min(1).optional().catch(undefined);
const Names = z.object({ messageId: name, anonymousId: name, userId: name });
