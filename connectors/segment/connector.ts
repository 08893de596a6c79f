import { defineConnector } from '#connectors/kit/connector.ts';
import { SegmentCredentials, SegmentSettings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { inbound } from './inbound.ts';
import { reportConversion } from './operations/report-conversion.ts';

/**
 * Web analytics in the shape of the Segment spec: Segment itself, whatever else speaks its tracking
 * API, and the script that the hub serves to websites.
 */
export const segment = defineConnector({
  id: 'segment',
  title: 'Segment',
  docs: 'https://segment.com/docs/connections/spec/',
  credentials: SegmentCredentials,
  settings: SegmentSettings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 10_000,
    headers: ({ credentials: { sourceWriteKey } }) => authorisation(sourceWriteKey),
    failure,
  },

  // Segment takes a thousand calls a second from a workspace; conversions are a few in a day.
  limits: () => ({ rates: [{ name: 'calls', calls: 50, everyMs: 1_000 }], concurrent: 4 }),

  inbound,
  examination,
  operations: { 'conversion.report': reportConversion },
});

/** The write key is the user name, and there is no password. */
function authorisation(key: string | undefined): Readonly<Record<string, string>> {
  if (key === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` };
}
