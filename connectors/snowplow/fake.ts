import type { FakeOptions } from '#connectors/kit/fake.ts';
import { type AnalyticsSender, analyticsSender } from '#connectors/kit/segment-spec/fake-sender.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a pipeline of Snowplow forwards: enriched events as JSON, several in a request. */
export function snowplowSender(
  options: FakeOptions,
): AnalyticsSender<Fields> & { event(event: string, fields: Fields): Fields } {
  const { now } = options;
  let events = 0;
  return {
    ...analyticsSender<Fields>({
      ...options,
      secret: 'snowplow-webhook-secret',
      header: (secret) => ({
        authorization: `Basic ${Buffer.from(`snowbridge:${secret}`).toString('base64')}`,
      }),
      body: (all) => all,
    }),
    event(event, fields) {
      events += 1;
      const at = now().toISOString();
      return {
        app_id: 'site',
        platform: 'web',
        event,
        event_name: event === 'struct' ? 'event' : event,
        event_id: `c6ef3124-b53a-4b13-a233-${String(events).padStart(12, '0')}`,
        collector_tstamp: at,
        derived_tstamp: at,
        user_ipaddress: '203.0.113.8',
        ...fields,
      };
    },
  };
}
