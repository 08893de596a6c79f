import type { Ga4Context } from './credentials.ts';

/** The query that says which data stream a call is for, and that it may write there. */
export const streamOf = ({ settings, credentials }: Ga4Context) => ({
  measurement_id: settings.measurementId,
  api_secret: credentials.apiSecret,
});
