import { knownOnly } from '#connectors/kit/known.ts';
import { text } from '#connectors/kit/segment-spec/facts.ts';
import type { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { analyticsWebhook } from '#connectors/kit/segment-spec/webhook.ts';
import { Hook, Sentence } from './event.ts';
import { messageOf } from './message.ts';

/**
 * The destination "HTTP Webhook", whose body is `{ event, person }`. It tries three times within
 * half a minute. https://posthog.com/docs/cdp/destinations/webhook
 */
export const inbound = analyticsWebhook<AnalyticsSettings>({
  title: 'PostHog',
  deliveries(body) {
    // A sentence for a chat says nothing that can be read again.
    if (Sentence.safeParse(body).success) return [];
    const { event, person } = Hook.parse(body);
    const device = text(event.properties, '$anon_distinct_id', '$device_id');
    return [
      {
        dedupeKey: event.uuid,
        group: `visitor:${device ?? event.distinct_id}`,
        body: knownOnly({ event, person }),
      },
    ];
  },
  message: (body) => messageOf(Hook.parse(body)),
});
