import type { FakeOptions } from '#connectors/kit/fake.ts';
import { type AnalyticsSender, analyticsSender } from '#connectors/kit/segment-spec/fake-sender.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a site with RudderStack on it sends: a request for each event. */
export function rudderstackSender(
  options: FakeOptions,
): AnalyticsSender<Fields> & { event(type: string, fields: Fields): Fields } {
  const { now } = options;
  let events = 0;
  return {
    ...analyticsSender<Fields>({
      ...options,
      secret: 'rudderstack-webhook-secret',
      header: (secret) => ({ authorization: `Bearer ${secret}` }),
      body: ([event]) => event,
    }),
    event(type, fields) {
      events += 1;
      const at = now().toISOString();
      return {
        type,
        messageId: `rudder-${String(events).padStart(6, '0')}`,
        channel: 'web',
        rudderId: 'f5bb9c9f-0d0a-4b5f-9a51-6f8ea2b5c0de',
        request_ip: '203.0.113.8',
        originalTimestamp: at,
        sentAt: at,
        receivedAt: at,
        timestamp: at,
        ...fields,
      };
    },
  };
}
