import { defineConnector } from '#connectors/kit/connector.ts';
import { AnalyticsSettings } from '#connectors/kit/segment-spec/settings.ts';
import { neverCalled, SecretCredentials } from '#connectors/kit/segment-spec/webhook.ts';
import { inbound } from './inbound.ts';

/** Web analytics by Snowbridge's HTTP target, or by Snowplow's event forwarding. */
export const snowplow = defineConnector({
  id: 'snowplow',
  title: 'Snowplow',
  docs: 'https://docs.snowplow.io/docs/api-reference/snowbridge/configuration/targets/http/',
  credentials: SecretCredentials,
  settings: AnalyticsSettings,
  http: neverCalled('https://console.snowplowanalytics.com'),
  inbound,
  operations: {},
});
