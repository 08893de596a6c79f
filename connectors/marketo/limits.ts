import type { Limits } from '#connectors/kit/limits.ts';
import { WINDOW, WINDOW_MS } from './codes.ts';
import { QUOTA_ZONE } from './failure.ts';
import type { MarketoSettings } from './settings.ts';

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
