import { defineOperation } from '#connectors/kit/connector.ts';
import { VERBS, type VerbInput } from '#core/operations.ts';
import type { Ga4Context } from '../credentials.ts';
import { payloadOf } from '../payload.ts';
import { streamOf } from '../stream-address.ts';

const { input, output } = VERBS['conversion.report'];

/**
 * Not idempotent: Google takes no key and can't be asked what it took. Of two wins with one
 * `transaction_id` it counts the first.
 * https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference
 */
export const reportConversion = defineOperation({
  summary: 'Sends a conversion to the visitor that Google Analytics knows.',
  idempotent: false,
  input,
  output,

  async run(context: Ga4Context, conversion: VerbInput<'conversion.report'>) {
    await context.http.post('/mp/collect', payloadOf(conversion, context.now), {
      params: streamOf(context),
    });
    return {};
  },
});
