import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';
import { signSegment } from './signature.ts';

export interface SegmentSenderOptions extends FakeOptions {
  readonly sharedSecret?: string;
  readonly writeKey?: string;
}

type Fields = Readonly<Record<string, unknown>>;
type SegmentMessage = Fields & { readonly type: string; readonly messageId: string };

/** A call of the tracking API says in its path what it is. */
interface TrackingRequest extends OutgoingRequest {
  readonly path: string;
}

export interface SegmentSender {
  /** Credentials and settings that fit this sender, for a connection that hears it. */
  connection(): { credentials: object; settings: object };
  /** A message of the spec with its own id and the time of now. */
  message(type: 'track' | 'page' | 'identify' | 'group' | 'alias', fields: Fields): SegmentMessage;
  /** The request of the webhook destination, signed as Segment signs. */
  webhook(message: SegmentMessage): OutgoingRequest;
  /** The request of a server library: a batch, with the write key as user name. */
  tracking(...messages: readonly SegmentMessage[]): TrackingRequest;
  /** Makes a message and sends it to whoever subscribed, by webhook. */
  send(type: Parameters<SegmentSender['message']>[0], fields: Fields): SegmentMessage;
  /** Sends what faults have held back. */
  catchUp(): void;
}

/** What a site with Segment on it sends. */
export function segmentSender(options: SegmentSenderOptions): SegmentSender {
  const { now, sharedSecret = 'segment-shared-secret', writeKey = 'segment-write-key' } = options;
  const news = openNews(options);
  let messages = 0;

  const sender: SegmentSender = {
    connection: () => ({ credentials: { sharedSecret, writeKey }, settings: {} }),
    message(type, fields) {
      messages += 1;
      const messageId = `segment-${String(messages).padStart(6, '0')}`;
      return { type, messageId, timestamp: now().toISOString(), ...fields };
    },
    webhook(message) {
      const at = now().toISOString();
      const body = JSON.stringify({ ...message, sentAt: at, receivedAt: at, version: 2 });
      return {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-signature': signSegment(body, sharedSecret),
        },
        body,
      };
    },
    tracking: (...batch) => ({
      method: 'POST',
      path: '/v1/batch',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      },
      body: JSON.stringify({ batch, sentAt: now().toISOString() }),
    }),
    send(type, fields) {
      const message = sender.message(type, fields);
      news.tell(sender.webhook(message));
      return message;
    },
    catchUp: news.catchUp,
  };
  return sender;
}
