import type { VendorAnswer } from '#connectors/kit/connector.ts';
import type { Limits, QuotaReading } from '#connectors/kit/limits.ts';
import type { SalesforceSettings } from './credentials.ts';

/**
 * Salesforce counts no calls a second: only those of the last 24 hours, whoever made them, and
 * those that run long at the same time.
 * https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
 */
export function salesforceLimits({ settings }: { readonly settings: SalesforceSettings }): Limits {
  return {
    rates: [],
    concurrent: settings.concurrentCalls,
    daily: { calls: settings.dailyCalls, resets: 'rolling' },
  };
}

/** `api-usage=18/5000`, before what single apps have used. */
const USAGE = /(?:^|[,;\s])api-usage=(\d+)\/(\d+)/;

/** What every answer tells of the organisation's calls of the last 24 hours. */
export function salesforceQuota({ headers }: VendorAnswer): QuotaReading | undefined {
  const [, used, most] = USAGE.exec(headers['sforce-limit-info'] ?? '') ?? [];
  if (used === undefined || most === undefined) return undefined;
  return { most: Number(most), remaining: Math.max(0, Number(most) - Number(used)) };
}
