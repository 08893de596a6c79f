import { Temporal } from 'temporal-polyfill';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import type { Limits, QuotaReading } from '#connectors/kit/limits.ts';
import { isSearch } from './paths.ts';
import type { HubspotSettings } from './settings.ts';

/** HubSpot's names for its limits, as answers carry them. */
export const ROLLING = 'TEN_SECONDLY_ROLLING';
export const SEARCH = 'SECONDLY';

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
const PLANS: Record<HubspotSettings['limits']['plan'], { callsIn10s: number; daily?: number }> = {
  starter: { callsIn10s: 100, daily: 250_000 },
  professional: { callsIn10s: 190, daily: 625_000 },
  enterprise: { callsIn10s: 190, daily: 1_000_000 },
  // Per installing account, and without a daily limit of its own.
  oauth: { callsIn10s: 110 },
};
const INCREASED_IN_10S = 250;
const INCREASED_DAILY = 1_000_000;
const SEARCHES_IN_1S = 5;

/**
 * The hub's share of what the account may be asked. Search has a limit of its own, of the whole
 * account; a search counts towards the others, too.
 */
export function hubspotLimits({ settings }: { readonly settings: HubspotSettings }): Limits {
  const { plan, increases, share, callsIn10s, searchesIn1s, daily } = settings.limits;
  const most = PLANS[plan];
  const usual = increases > 0 ? INCREASED_IN_10S : most.callsIn10s;
  const dayly =
    daily ?? (most.daily === undefined ? undefined : most.daily + increases * INCREASED_DAILY);
  const ours = (calls: number) => Math.max(1, Math.floor(calls * share));
  return {
    rates: [
      {
        name: ROLLING,
        calls: ours(callsIn10s ?? usual),
        everyMs: 10_000,
        only: ({ path }) => !path.startsWith('/oauth/'),
      },
      {
        name: SEARCH,
        calls: ours(searchesIn1s ?? SEARCHES_IN_1S),
        everyMs: 1_000,
        only: ({ path }) => isSearch(path),
      },
    ],
    daily:
      dayly === undefined
        ? undefined
        : { calls: ours(dayly), resets: { midnightIn: settings.timeZone } },
  };
}

/** What an answer tells of the account's day; apps that were installed by OAuth are told nothing. */
export function hubspotQuota({ headers }: VendorAnswer): QuotaReading | undefined {
  const most = Number(headers['x-hubspot-ratelimit-daily'] ?? Number.NaN);
  const remaining = Number(headers['x-hubspot-ratelimit-daily-remaining'] ?? Number.NaN);
  return Number.isFinite(most) && Number.isFinite(remaining) ? { most, remaining } : undefined;
}

/** Milliseconds until the day ends in a time zone: at midnight, or when a day begins without one. */
export function untilMidnight(timeZone: string, now: Date): number {
  const at = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  return at.add({ days: 1 }).startOfDay().epochMilliseconds - now.getTime();
}
