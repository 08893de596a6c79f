import { defineConnector } from '#connectors/kit/connector.ts';
import { Ga4Credentials, Ga4Settings } from './credentials.ts';
import { examination } from './examination.ts';
import { failure } from './failure.ts';
import { reportConversion } from './operations/report-conversion.ts';

/** Google Analytics 4, to which conversions are reported; it tells nothing by webhook. */
export const ga4 = defineConnector({
  id: 'ga4',
  title: 'Google Analytics',
  docs: 'https://developers.google.com/analytics/devguides/collection/protocol/ga4',
  credentials: Ga4Credentials,
  settings: Ga4Settings,

  http: {
    baseUrl: ({ settings }) => settings.baseUrl,
    timeoutMs: 10_000,
    headers: () => ({}),
    failure,
  },

  // Google names no rate for the Measurement Protocol; conversions are a few in a day.
  limits: () => ({ rates: [{ name: 'calls', calls: 10, everyMs: 1_000 }], concurrent: 2 }),

  examination,
  operations: { 'conversion.report': reportConversion },
});
