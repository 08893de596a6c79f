import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import { HubError } from '#core/errors.ts';
import { salesforceFailure } from './failure.ts';

/** The most records of one call. */
export const MOST_RECORDS = 200;

/** One record's outcome among many; the outcomes are in the order of the records. */
const Saved = z.object({
  id: z.string().optional(),
  success: z.boolean(),
  created: z.boolean().optional(),
  errors: z
    .array(z.looseObject({ statusCode: z.string(), message: z.string().optional() }))
    .default([]),
});

export type Outcome = { readonly id: string; readonly created: boolean } | HubError;

const BAD_REQUEST = 400;

/**
 * What became of each record of a call that saves many. A record's refusal is classed like the
 * refusal of a call of its own; a call that failed as a whole throws.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_upsert.htm
 */
export function outcomesOf(answer: VendorAnswer): Outcome[] {
  const failure = salesforceFailure(answer);
  if (failure !== undefined) throw failure;
  return z
    .array(Saved)
    .parse(answer.body)
    .map((saved) => {
      if (saved.success && saved.id !== undefined) {
        return { id: saved.id, created: saved.created ?? false };
      }
      const body = saved.errors.map(({ statusCode, ...more }) => ({
        errorCode: statusCode,
        ...more,
      }));
      return salesforceFailure({ ...answer, status: BAD_REQUEST, body }) ?? unexplained();
    });
}

function unexplained(): HubError {
  return new HubError(
    'defect',
    'salesforce_answer_unforeseen',
    'Salesforce refused a record of many and did not say why: look into its debug log.',
  );
}
