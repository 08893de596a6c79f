import type * as z from 'zod';
import { HubError } from '#core/errors.ts';

/**
 * Reads the environment at a function's cold start. A variable that is missing or malformed is
 * named, so that the first log line tells what to repair; values are never shown.
 */
export function readEnv<T>(schema: z.ZodType<T>): T {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new HubError('config', 'environment_incomplete', `The environment: ${wrong.join('; ')}`);
}
