import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import type { HubspotSettings } from './settings.ts';

/** A service key, or the token of a private or project app: it lives until somebody rotates it. */
const StaticToken = z.strictObject({
  token: z.string().min(1),
  /** The secret of the app that owns the webhook subscriptions; a service key has none. */
  clientSecret: z.string().min(1).optional(),
});

/** An app that was installed by OAuth: its access tokens live for half an hour. */
const Installation = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  refreshToken: z.string().min(1),
});

export const HubspotCredentials = z.union([StaticToken, Installation]);
export type HubspotCredentials = z.infer<typeof HubspotCredentials>;

export type HubspotContext = OperationContext<HubspotCredentials, HubspotSettings>;
