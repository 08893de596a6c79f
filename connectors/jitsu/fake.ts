import type { FakeOptions } from '#connectors/kit/fake.ts';
import { type AnalyticsSender, analyticsSender } from '#connectors/kit/segment-spec/fake-sender.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a site with Jitsu on it sends: a request for each event. */
export function jitsuSender(
  options: FakeOptions,
): AnalyticsSender<Fields> & { event(type: string, fields: Fields): Fields } {
  const { now } = options;
  let events = 0;
  return {
    ...analyticsSender<Fields>({
      ...options,
      secret: 'jitsu-webhook-secret',
      header: (secret) => ({ 'x-baton-secret': secret }),
      body: ([event]) => event,
    }),
    event(type, fields) {
      events += 1;
      const at = now().toISOString();
      return {
        type,
        messageId: `jitsu-${String(events).padStart(6, '0')}`,
        writeKey: 'site:key',
        requestIp: '203.0.113.8',
        originalTimestamp: at,
        sentAt: at,
        receivedAt: at,
        timestamp: at,
        ...fields,
      };
    },
  };
}
