import * as z from 'zod';
import { messageDelivery } from '#connectors/kit/segment-spec/deliveries.ts';
import type { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { analyticsWebhook } from '#connectors/kit/segment-spec/webhook.ts';

const Event = z.record(z.string(), z.unknown());

/**
 * The webhook destination of Jitsu 2: one event of the Segment spec in each request, sent again
 * after anything but a 2xx. https://docs.jitsu.com/destinations/webhook
 */
export const inbound = analyticsWebhook<AnalyticsSettings>({
  title: 'Jitsu',
  deliveries(body) {
    // The key of Jitsu's own site travels along and is nobody's business here.
    const { writeKey: _, ...event } = Event.parse(body);
    return [messageDelivery(event)];
  },
  message: (body) => Event.parse(body),
});
