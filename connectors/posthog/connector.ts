import { defineConnector } from '#connectors/kit/connector.ts';
import { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { neverCalled, SecretCredentials } from '#connectors/kit/segment-spec/webhook.ts';
import { inbound } from './inbound.ts';

/** Product analytics by PostHog's destination "HTTP Webhook". */
export const posthog = defineConnector({
  id: 'posthog',
  title: 'PostHog',
  docs: 'https://posthog.com/docs/cdp/destinations/webhook',
  credentials: SecretCredentials,
  settings: AnalyticsSettings,
  http: neverCalled('https://us.posthog.com'),
  inbound,
  operations: {},
});
