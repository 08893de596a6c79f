import type { Limits } from '#connectors/kit/limits.ts';
import type { PeopleDataLabsSettings } from './credentials.ts';

export const MINUTE = 'calls a minute';

/** https://docs.peopledatalabs.com/docs/usage-limits */
export function limitsOf({ settings }: { readonly settings: PeopleDataLabsSettings }): Limits {
  return { rates: [{ name: MINUTE, calls: settings.callsPerMinute, everyMs: 60_000 }] };
}
