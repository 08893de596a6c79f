import { defineConnector } from '#connectors/kit/connector.ts';
import { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { neverCalled, SecretCredentials } from '#connectors/kit/segment-spec/webhook.ts';
import { inbound } from './inbound.ts';

/** Web analytics by RudderStack's webhook destination. */
export const rudderstack = defineConnector({
  id: 'rudderstack',
  title: 'RudderStack',
  docs: 'https://www.rudderstack.com/docs/destinations/streaming-destinations/webhook/',
  credentials: SecretCredentials,
  settings: AnalyticsSettings,
  http: neverCalled('https://api.rudderstack.com'),
  inbound,
  operations: {},
});
