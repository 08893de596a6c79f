import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';

/** A master key, or one that may call people/match. */
export const ApolloCredentials = z.strictObject({ apiKey: z.string().min(1) });
export type ApolloCredentials = z.infer<typeof ApolloCredentials>;

export const ApolloSettings = z.strictObject({
  baseUrl: z.url().default('https://api.apollo.io'),
  /** Calls that the plan allows; plans differ, and the lowest paid one is taken by default. */
  limits: z
    .strictObject({
      perMinute: z.number().int().positive().default(50),
      perHour: z.number().int().positive().default(200),
      daily: z.number().int().positive().default(600),
    })
    .prefault({}),
});
export type ApolloSettings = z.infer<typeof ApolloSettings>;

export type ApolloContext = OperationContext<ApolloCredentials, ApolloSettings>;
