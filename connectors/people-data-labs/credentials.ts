import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';

export const PeopleDataLabsCredentials = z.strictObject({ apiKey: z.string().min(1) });
export type PeopleDataLabsCredentials = z.infer<typeof PeopleDataLabsCredentials>;

export const PeopleDataLabsSettings = z.strictObject({
  /** The sandbox answers made-up people, and takes no credits, under `https://sandbox.api.peopledatalabs.com`. */
  baseUrl: z.url().default('https://api.peopledatalabs.com'),
  /** Of 10: below 6 the vendor's own advice is to look twice. */
  minLikelihood: z.number().int().min(1).max(10).default(6),
  /** Fields without which an answer is a miss, and costs nothing: `job_title`, or `job_title AND location_country`. */
  required: z.string().min(1).optional(),
  /** Calls that the plan allows in a minute. */
  callsPerMinute: z.number().int().positive().default(100),
});
export type PeopleDataLabsSettings = z.infer<typeof PeopleDataLabsSettings>;

export type PeopleDataLabsContext = OperationContext<
  PeopleDataLabsCredentials,
  PeopleDataLabsSettings
>;
