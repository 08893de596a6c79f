import * as z from 'zod';
import { messageDelivery } from '#connectors/kit/segment-spec/deliveries.ts';
import type { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { analyticsWebhook } from '#connectors/kit/segment-spec/webhook.ts';

const Message = z.record(z.string(), z.unknown());

/**
 * The webhook destination: one message of the Segment spec in each request. RudderStack takes any
 * answer below 500 but 408 and 429 for its last word, so that a 4xx would lose the event, and one
 * event that fails holds up all that its user does later.
 * https://www.rudderstack.com/docs/destinations/streaming-destinations/webhook/
 */
export const inbound = analyticsWebhook<AnalyticsSettings>({
  title: 'RudderStack',
  deliveries: (body) => [messageDelivery(Message.parse(body))],
  message: (body) => Message.parse(body),
});
