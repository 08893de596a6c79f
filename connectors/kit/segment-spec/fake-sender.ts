import type { FakeOptions, OutgoingRequest } from '#connectors/kit/fake.ts';
import { openNews } from '#connectors/kit/news.ts';

export interface AnalyticsSender<Event> {
  /** Credentials and settings that fit this sender, for a connection that hears it. */
  connection(): { credentials: { secret: string }; settings: object };
  /** The request that carries these events. */
  request(...events: readonly Event[]): OutgoingRequest;
  /** Sends them to whoever subscribed, unless a fault keeps them. */
  send(...events: readonly Event[]): void;
  /** Sends what faults have held back. */
  catchUp(): void;
}

type Fields = Readonly<Record<string, unknown>>;

/** A site whose analytics send a request for each event, with the stamps of the Segment spec. */
export function siteSender(
  options: FakeOptions & {
    readonly secret: string;
    header(secret: string): Readonly<Record<string, string>>;
    /** What the ids of its messages begin with. */
    readonly idPrefix: string;
    /** What each event of this vendor says beside. */
    readonly fields: Fields;
  },
): AnalyticsSender<Fields> & { event(type: string, fields: Fields): Fields } {
  let events = 0;
  return {
    ...analyticsSender<Fields>({ ...options, body: ([event]) => event }),
    event(type, fields) {
      events += 1;
      const at = options.now().toISOString();
      return {
        type,
        messageId: `${options.idPrefix}-${String(events).padStart(6, '0')}`,
        originalTimestamp: at,
        sentAt: at,
        receivedAt: at,
        timestamp: at,
        ...options.fields,
        ...fields,
      };
    },
  };
}

/** A site's sender of web analytics that puts a secret into a header of its choice. */
export function analyticsSender<Event>(
  options: FakeOptions & {
    readonly secret: string;
    header(secret: string): Readonly<Record<string, string>>;
    body(events: readonly Event[]): unknown;
  },
): AnalyticsSender<Event> {
  const { secret } = options;
  const news = openNews(options);
  const request = (...events: readonly Event[]): OutgoingRequest => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...options.header(secret) },
    body: JSON.stringify(options.body(events)),
  });
  return {
    connection: () => ({ credentials: { secret }, settings: {} }),
    request,
    send: (...events) => news.tell(request(...events)),
    catchUp: news.catchUp,
  };
}
