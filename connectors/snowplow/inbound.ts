import type { Delivery } from '#connectors/kit/connector.ts';
import type { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { analyticsWebhook } from '#connectors/kit/segment-spec/webhook.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import { HubError } from '#core/errors.ts';
import { SnowplowEvent } from './event.ts';
import { messageOf } from './message.ts';

/**
 * Snowbridge's HTTP target, or Snowplow's event forwarding: a list of enriched events, in no
 * order, each at least once; one event alone before version 3 and where a template makes the body.
 * https://docs.snowplow.io/docs/api-reference/snowbridge/configuration/targets/http/
 */
export const inbound = analyticsWebhook<AnalyticsSettings>({
  title: 'Snowplow',
  deliveries: (body) => [body].flat().map(delivery),
  message(body, settings) {
    const event = SnowplowEvent.safeParse(body);
    if (event.success) return messageOf(event.data, settings);
    throw new HubError(
      'data',
      'snowplow_event_unreadable',
      'An event is not an enriched event in JSON: turn it with spEnrichedToJson before it is sent.',
    );
  },
});

/** An event that can't be read is held back alone, and not the batch around it. */
function delivery(body: unknown): Delivery {
  const { data } = SnowplowEvent.safeParse(body);
  if (data === undefined) {
    return { dedupeKey: contentHash(JSON.stringify(body)), group: 'visitor:unknown', body };
  }
  const visitor = data.domain_userid ?? data.network_userid ?? data.user_id ?? 'unknown';
  return { dedupeKey: data.event_id, group: `visitor:${visitor}`, body };
}
