import { defineConnector } from '#connectors/kit/connector.ts';
import { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { neverCalled, SecretCredentials } from '#connectors/kit/segment-spec/webhook.ts';
import { inbound } from './inbound.ts';

/** Web analytics by the webhook destination of Jitsu 2. */
export const jitsu = defineConnector({
  id: 'jitsu',
  title: 'Jitsu',
  docs: 'https://docs.jitsu.com/destinations/webhook',
  credentials: SecretCredentials,
  settings: AnalyticsSettings,
  http: neverCalled('https://use.jitsu.com'),
  inbound,
  operations: {},
});
