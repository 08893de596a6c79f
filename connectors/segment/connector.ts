import { defineConnector } from '#connectors/kit/connector.ts';
import { SegmentCredentials, SegmentSettings } from './credentials.ts';
import { inbound } from './inbound.ts';

/** Web analytics in the shape of the Segment spec: Segment itself, RudderStack, Jitsu, the client libraries. */
export const segment = defineConnector({
  id: 'segment',
  title: 'Segment',
  docs: 'https://segment.com/docs/connections/spec/',
  credentials: SegmentCredentials,
  settings: SegmentSettings,

  // Nothing is written there: analytics only tell.
  http: {
    baseUrl: () => 'https://api.segment.io',
    timeoutMs: 10_000,
    headers: () => ({}),
    failure: () => undefined,
  },

  inbound,

  operations: {},
});
