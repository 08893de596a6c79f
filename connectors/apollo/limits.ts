import type { VendorAnswer } from '#connectors/kit/connector.ts';
import type { Limits, QuotaReading } from '#connectors/kit/limits.ts';
import type { ApolloSettings } from './credentials.ts';

const MINUTE = 'calls a minute';
export const HOUR = 'calls an hour';

const MINUTE_MS = 60_000;

/** https://docs.apollo.io/reference/rate-limits */
export function limitsOf({ settings }: { readonly settings: ApolloSettings }): Limits {
  const { perMinute, perHour, daily } = settings.limits;
  return {
    rates: [
      { name: MINUTE, calls: perMinute, everyMs: MINUTE_MS },
      { name: HOUR, calls: perHour, everyMs: 60 * MINUTE_MS },
    ],
    daily: { calls: daily, resets: 'rolling' },
  };
}

/** Of the last 24 hours: how much the key may do, and how much of it is left. */
export function quotaIn({ headers }: Pick<VendorAnswer, 'headers'>): QuotaReading | undefined {
  const most = numberIn(headers, 'x-rate-limit-24-hour');
  const remaining = numberIn(headers, 'x-24-hour-requests-left');
  return most === undefined || remaining === undefined ? undefined : { most, remaining };
}

/** The limit that a throttled answer shows to be used up; the shortest where it shows none. */
export function reachedLimit(headers: VendorAnswer['headers']): string {
  if (numberIn(headers, 'x-24-hour-requests-left') === 0) return 'daily';
  return numberIn(headers, 'x-hourly-requests-left') === 0 ? HOUR : MINUTE;
}

function numberIn(headers: VendorAnswer['headers'], name: string): number | undefined {
  const text = headers[name];
  const value = Number(text);
  return text === undefined || text === '' || !Number.isFinite(value) ? undefined : value;
}
