import { hubspotLimits, hubspotQuota, untilMidnight } from '#connectors/hubspot/limits.ts';
import { HubspotSettings } from '#connectors/hubspot/settings.ts';
import { openPortal } from './hubspot-portal.ts';

const limitsOf = (limits: object, more: object = {}) =>
  hubspotLimits({ settings: HubspotSettings.parse({ portalId: 1, appId: 2, limits, ...more }) });

describe('What the hub allows itself', () => {
  test.each([
    [{ plan: 'starter', share: 1 }, 100, 250_000],
    [{ plan: 'professional', share: 1 }, 190, 625_000],
    [{ plan: 'enterprise', share: 1 }, 190, 1_000_000],
    [{ plan: 'professional', increases: 1, share: 1 }, 250, 1_625_000],
    [{ plan: 'enterprise', increases: 2, share: 1 }, 250, 3_000_000],
    [{ plan: 'oauth', share: 1 }, 110, undefined],
    // The account is shared with others, and the figures may change under us.
    [{}, 80, 200_000],
    [{ callsIn10s: 50, daily: 1_000, share: 0.5 }, 25, 500],
  ])('with %j is %i calls in ten seconds and %s a day', (limits, calls, daily) => {
    const { rates, daily: day } = limitsOf(limits);
    expect(rates[0]).toMatchObject({ name: 'TEN_SECONDLY_ROLLING', calls, everyMs: 10_000 });
    expect(day?.calls).toBe(daily);
  });

  test('of searches is a rate of its own: five a second for the whole account', () => {
    const [rolling, search] = limitsOf({ share: 1 }).rates;
    expect(search).toMatchObject({ name: 'SECONDLY', calls: 5, everyMs: 1_000 });
    const call = (path: string) => ({ method: 'POST', path });
    expect(search?.only?.(call('/crm/objects/2026-09/deals/search'))).toBe(true);
    expect(search?.only?.(call('/crm/objects/2026-09/deals/batch/read'))).toBe(false);
    expect(rolling?.only?.(call('/crm/objects/2026-09/deals/search'))).toBe(true);
    expect(rolling?.only?.(call('/oauth/v3/token'))).toBe(false);
  });

  test('in a day ends at midnight of the account', () => {
    const { daily } = limitsOf({}, { timeZone: 'America/New_York' });
    expect(daily?.resets).toEqual({ midnightIn: 'America/New_York' });
    const refused = HubspotSettings.safeParse({ portalId: 1, appId: 2, timeZone: 'Mars/Base' });
    expect(refused.success).toBe(false);
  });

  test.each([
    ['2026-11-22T04:59:59Z', 'America/New_York', 1],
    ['2026-11-22T05:00:00Z', 'America/New_York', 24 * 3600],
    // Clocks are set forward and back: these days have 23 and 25 hours.
    ['2027-03-14T05:00:00Z', 'America/New_York', 23 * 3600],
    ['2026-11-01T04:00:00Z', 'America/New_York', 25 * 3600],
  ])('at %s in %s lasts %i more seconds', (at, zone, seconds) => {
    expect(untilMidnight(zone, new Date(at))).toBe(seconds * 1000);
  });
});

describe('What an answer tells of the day', () => {
  const read = (headers: Record<string, string>) =>
    hubspotQuota({ status: 200, headers, body: {} });

  test.each<[string, Record<string, string>, object | undefined]>([
    [
      'both figures',
      { 'x-hubspot-ratelimit-daily': '250000', 'x-hubspot-ratelimit-daily-remaining': '12' },
      { most: 250_000, remaining: 12 },
    ],
    [
      'only the rolling ones, as for an installed app',
      { 'x-hubspot-ratelimit-max': '110' },
      undefined,
    ],
    ['one of them', { 'x-hubspot-ratelimit-daily': '250000' }, undefined],
    [
      'nonsense',
      { 'x-hubspot-ratelimit-daily': 'x', 'x-hubspot-ratelimit-daily-remaining': 'y' },
      undefined,
    ],
  ])('is read: %s', (_, headers, expected) => {
    expect(read(headers)).toEqual(expected);
  });
});

test('a day that is used up waits until midnight of the account, through the whole connection', async () => {
  await using desk = await openPortal({
    settings: { timeZone: 'Europe/Berlin' },
    faults: [{ fault: 'quota', times: 1 }],
  });
  await expect(desk.call('person.find', { email: 'a@b.test' })).rejects.toMatchObject({
    code: 'hubspot_rate_limited',
    limit: 'daily',
    // It is 10:00 in Berlin.
    retryAfterMs: 14 * 3_600_000,
  });
});
