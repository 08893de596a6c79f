import type { Limits } from '#connectors/kit/limits.ts';
import type { MarketoSettings } from './settings.ts';

/** The name of the rate of all calls: the window is 20 s and shared by the whole instance. */
export const WINDOW = 'calls in 20 s';
export const WINDOW_MS = 20_000;

/** In US Central time the daily quota begins anew at midnight. */
export const QUOTA_ZONE = 'America/Chicago';

/**
 * The instance's limits are shared with every other integration of it, so that the hub keeps to
 * half of them unless its settings say more: 100 calls in 20 s, 10 at once, 50,000 a day.
 */
export function limitsOf({ settings }: { readonly settings: MarketoSettings }): Limits {
  const { callsIn20s, concurrent, daily } = settings.limits;
  return {
    rates: [
      {
        name: WINDOW,
        calls: callsIn20s,
        everyMs: WINDOW_MS,
        // Asking for a token counts nowhere.
        only: ({ path }) => !path.includes('/identity/'),
      },
    ],
    concurrent,
    daily: { calls: daily, resets: { midnightIn: QUOTA_ZONE } },
  };
}
