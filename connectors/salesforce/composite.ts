import * as z from 'zod';
import type { VendorAnswer } from '#connectors/kit/connector.ts';
import type { SalesforceContext } from './credentials.ts';
import { salesforceFailure } from './failure.ts';
import { writeHeaders } from './write-headers.ts';

/** One step of a composite call; `path` as for a call of its own. */
export interface Step {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** What later steps name its answer by: `@{name.id}`. */
  readonly name: string;
  readonly body?: unknown;
  /** Beside those of every write. */
  readonly headers?: Readonly<Record<string, string>>;
}

const Answers = z.object({
  compositeResponse: z.array(
    z.object({ body: z.unknown(), httpStatusCode: z.number(), referenceId: z.string() }),
  ),
});

/**
 * Several steps in one call, which the quota counts as one. All happen or none; throws what the
 * step that failed would have thrown. Answers the steps' bodies in their order.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm
 */
export async function composite(
  context: SalesforceContext,
  steps: readonly Step[],
): Promise<unknown[]> {
  const answers = await post(context, steps, true);
  const failures = answers.filter(({ status }) => status >= 300);
  // The steps that were given up for another one's sake say so and no more.
  const failed = failures.find((answer) => !wasHalted(answer)) ?? failures[0];
  const failure = failed === undefined ? undefined : salesforceFailure(failed);
  if (failure !== undefined) throw failure;
  return answers.map(({ body }) => body);
}

/** Several steps in one call of which each stands for itself. */
export async function compositeEach(
  context: SalesforceContext,
  steps: readonly Step[],
): Promise<VendorAnswer[]> {
  return post(context, steps, false);
}

async function post(
  context: SalesforceContext,
  steps: readonly Step[],
  allOrNone: boolean,
): Promise<VendorAnswer[]> {
  const { settings } = context;
  const { data, headers } = await context.http.post('/composite', {
    allOrNone,
    compositeRequest: steps.map((step) => ({
      method: step.method,
      url: `/services/data/${settings.apiVersion}${step.path}`,
      referenceId: step.name,
      // The headers of the call itself are not those of its steps.
      ...(step.method === 'GET'
        ? {}
        : { httpHeaders: { ...writeHeaders(settings), ...step.headers } }),
      ...(step.body === undefined ? {} : { body: step.body }),
    })),
  });
  return Answers.parse(data).compositeResponse.map(({ body, httpStatusCode }) => ({
    status: httpStatusCode,
    headers: headers as Record<string, string>,
    body,
  }));
}

const Halted = z.tuple([z.object({ errorCode: z.literal('PROCESSING_HALTED') })]);

function wasHalted({ body }: VendorAnswer): boolean {
  return Halted.safeParse(body).success;
}
