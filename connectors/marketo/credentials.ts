import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';
import type { MarketoSettings } from './settings.ts';

/** From Admin → LaunchPoint (client id and secret) and from the webhook's own header. */
export const MarketoCredentials = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** Marketo signs nothing: the secret that its webhooks carry in a header of their own. */
  webhookToken: z.string().min(16),
  /** A second secret, in the address: `?token=…`. Asked for where it is set. */
  pathToken: z.string().min(16).optional(),
  /** The bearer of the Lead Activity Data Stream, or the client secret it fetches one with. */
  dataStreamToken: z.string().min(16).optional(),
});
export type MarketoCredentials = z.infer<typeof MarketoCredentials>;

export type MarketoContext = OperationContext<MarketoCredentials, MarketoSettings>;
