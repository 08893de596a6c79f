import middy from '@middy/core';
import * as z from 'zod';
import { describeFailure } from './describe-failure.ts';

/**
 * Takes one event of an EventBridge bus. What throws is tried twice more by Lambda and ends in the
 * function's dead-letter queue.
 */
export function eventHandler<T>(schema: z.ZodType<T>, run: (event: T) => Promise<void>) {
  const take = async (event: unknown): Promise<void> => run(parsed(schema, event));
  return middy(take).onError(({ error }) => console.error(describeFailure(error)));
}

function parsed<T>(schema: z.ZodType<T>, event: unknown): T {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  throw new TypeError(`The event has not the shape it should: ${z.prettifyError(result.error)}`);
}
