import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';

export const PeopleDataLabsCredentials = z.strictObject({ apiKey: z.string().min(1) });
export type PeopleDataLabsCredentials = z.infer<typeof PeopleDataLabsCredentials>;

export const PeopleDataLabsSettings = z.strictObject({
  baseUrl: z.url().default('https://api.peopledatalabs.com'),
  /** Of 10: below 6 the vendor's own advice is to look twice. */
  minLikelihood: z.number().int().min(1).max(10).default(6),
});
export type PeopleDataLabsSettings = z.infer<typeof PeopleDataLabsSettings>;

export type PeopleDataLabsContext = OperationContext<
  PeopleDataLabsCredentials,
  PeopleDataLabsSettings
>;
