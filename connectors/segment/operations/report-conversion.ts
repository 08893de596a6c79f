import { defineOperation } from '#connectors/kit/connector.ts';
import { knownOnly } from '#connectors/kit/known.ts';
import { majorUnits } from '#connectors/kit/money.ts';
import { HUB_LIBRARY } from '#connectors/kit/segment-spec/message.ts';
import { HubError } from '#core/errors.ts';
import { VERBS, type VerbInput } from '#core/operations.ts';
import type { SegmentContext } from '../credentials.ts';

/** The names that destinations find; the spec has none for these. */
const EVENT_NAMES = { 'lead-qualified': 'Lead Qualified', 'opportunity-won': 'Opportunity Won' };

/** The largest event that Segment takes. */
const MOST_BYTES = 32 * 1024;

const { input, output } = VERBS['conversion.report'];

/**
 * Idempotent: the effect's key is the message's id, by which Segment drops what it has seen.
 * https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/#track
 */
export const reportConversion = defineOperation({
  summary: 'Sends a conversion to a source, for the destinations behind it.',
  idempotent: true,
  input,
  output,

  async run(context: SegmentContext, conversion: VerbInput<'conversion.report'>) {
    if (context.credentials.sourceWriteKey === undefined) {
      throw new HubError(
        'config',
        'segment_source_key_missing',
        `Connection '${context.connection}' has no sourceWriteKey: add it to the credentials, or take the role away.`,
      );
    }
    const body = JSON.stringify(message(conversion, context.key));
    if (Buffer.byteLength(body) > MOST_BYTES) {
      throw new HubError(
        'data',
        'segment_event_refused',
        'The conversion is larger than the 32 KB that Segment takes.',
      );
    }
    await context.http.post('/v1/track', body, { headers: { 'content-type': 'application/json' } });
    return {};
  },
});

function message(conversion: VerbInput<'conversion.report'>, key: string) {
  const { name, at, person, email, anonymousIds, amountMinor, currency, properties } = conversion;
  return {
    messageId: key,
    // A visitor's id joins the conversion to what the visitor did; without one the person stands for it.
    ...knownOnly({ anonymousId: anonymousIds.at(-1) ?? person }),
    event: EVENT_NAMES[name],
    timestamp: at,
    properties: knownOnly({ ...properties, value: majorUnits(amountMinor, currency), currency }),
    context: { library: { name: HUB_LIBRARY, version: '1' }, traits: knownOnly({ email }) },
  };
}
