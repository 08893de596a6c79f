import * as z from 'zod';
import type { Examination } from '#connectors/kit/examination.ts';
import type { Ga4Credentials, Ga4Settings } from './credentials.ts';
import { payloadOf } from './payload.ts';
import { streamOf } from './stream-address.ts';

const Answer = z.object({
  validationMessages: z.array(
    z.object({
      fieldPath: z.string().optional(),
      description: z.string(),
      validationCode: z.string().optional(),
    }),
  ),
});

/** Asks the validating twin of the address, which keeps nothing. */
export const examination: Examination<Ga4Credentials, Ga4Settings> = {
  async credentials(context) {
    const at = context.now.toISOString();
    const sample = { name: 'lead-qualified', at, person: 'examination' } as const;
    const { data } = await context.http.post(
      '/debug/mp/collect',
      payloadOf({ ...sample, anonymousIds: [], properties: {} }, context.now),
      { params: streamOf(context) },
    );
    const [first] = Answer.parse(data).validationMessages;
    if (first !== undefined) {
      return {
        state: 'failure',
        says: `Google would not take a conversion: ${first.description} (${first.fieldPath ?? 'the call'}).`,
        advice: 'Compare measurementId and apiSecret with the data stream.',
      };
    }
    return {
      state: 'unknown',
      says: 'Google finds conversions well-formed; whether it keeps them, it never says.',
      advice: 'Look for qualify_lead in the DebugView or the realtime report of the property.',
    };
  },
};
