import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';

/** From the app's pages "OAuth & Permissions" and "Basic Information". */
export const SlackCredentials = z.strictObject({
  /** `xoxb-…` with chat:write, users:read, users:read.email, im:write, channels:read and channels:history. */
  botToken: z.string().min(1),
  signingSecret: z.string().min(1),
});
export type SlackCredentials = z.infer<typeof SlackCredentials>;

export const SlackSettings = z.strictObject({
  baseUrl: z.url().default('https://slack.com/api'),
  /** The workspace; a click from any other is refused. */
  teamId: z.string().min(1),
  snoozeMinutes: z.number().int().positive().default(60),
});
export type SlackSettings = z.infer<typeof SlackSettings>;

export type SlackContext = OperationContext<SlackCredentials, SlackSettings>;
