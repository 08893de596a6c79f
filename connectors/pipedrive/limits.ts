import type { Limits } from '#connectors/kit/limits.ts';
import type { PipedriveSettings } from './credentials.ts';

export const BURST = 'calls in 2 s';

/**
 * The least that a plan allows a user in two seconds. A day is counted by Pipedrive in tokens, of
 * which a call takes 2 to 40, and here in calls: 1,500 at 20 each are one seat's 30,000. Unverified:
 * that the day ends at midnight UTC. https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting
 */
export const limitsOf = ({ settings }: { settings: PipedriveSettings }): Limits => ({
  rates: [{ name: BURST, calls: 15, everyMs: 2_000 }],
  concurrent: 4,
  daily: { calls: settings.dailyCalls, resets: { midnightIn: 'UTC' } },
});
