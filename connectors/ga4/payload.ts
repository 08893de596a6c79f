import { knownOnly } from '#connectors/kit/known.ts';
import { majorUnits } from '#connectors/kit/money.ts';
import { contentHash } from '#connectors/kit/signatures.ts';
import type { VerbInput } from '#core/operations.ts';

type Conversion = VerbInput<'conversion.report'>;

/** The events that Google recommends for lead generation, with reports of their own. */
const EVENT_NAMES: Readonly<Record<Conversion['name'], string>> = {
  'lead-qualified': 'qualify_lead',
  'opportunity-won': 'close_convert_lead',
};

/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/sending-events#limitations */
const MOST_PARAMS = 25;
const MOST_NAME_LETTERS = 40;
const MOST_VALUE_LETTERS = 100;

/** Google takes what is at most 72 hours old; ten minutes are left for the way there. */
const OLDEST_MS = 72 * 3_600_000 - 10 * 60_000;

/** Google's own cookie holds two numbers: a random one, and when the visitor was first seen. */
const CLIENT_ID = /^\d+\.\d+$/;

/** A conversion as the Measurement Protocol takes it; nothing in it names the person. */
export function payloadOf(conversion: Conversion, now: Date) {
  const { name, at, person, anonymousIds, amountMinor, currency, properties } = conversion;
  const params = knownOnly({
    currency,
    value: majorUnits(amountMinor, currency),
    transaction_id: name === 'opportunity-won' ? properties['opportunity'] : undefined,
    occurred_at: at,
    ...properties,
  });
  return {
    client_id: anonymousIds.findLast((id) => CLIENT_ID.test(id)) ?? derivedClientId(person),
    user_id: person,
    timestamp_micros: String(datedWithin(at, now) * 1000),
    events: [{ name: EVENT_NAMES[name], params: fitted(params) }],
  };
}

/** A conversion that is heard of too late is dated as early as Google allows, rather than lost. */
function datedWithin(at: string, now: Date): number {
  const latest = now.getTime();
  return Math.min(latest, Math.max(Date.parse(at), latest - OLDEST_MS));
}

/** A visitor that Google never saw gets a name of the same shape, which is always the same. */
export function derivedClientId(person: string): string {
  const digest = contentHash(`ga4/${person}`);
  const part = (from: number) => Number.parseInt(digest.slice(from, from + 8), 16);
  return `${part(0)}.${part(8)}`;
}

/** Names and values in the shapes that Google takes; what it would refuse for its length is cut. */
function fitted(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(params).map(([name, value]) => [
    name
      .replace(/[a-z](?=[A-Z])/g, '$&_')
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, '_')
      .slice(0, MOST_NAME_LETTERS),
    typeof value === 'string' ? value.slice(0, MOST_VALUE_LETTERS) : value,
  ]);
  return Object.fromEntries(entries.slice(0, MOST_PARAMS));
}
