import * as z from 'zod';

/** What the hub's own function shows, to which the event bus vouched for the sender. */
export const SesCredentials = z.strictObject({ inboundSecret: z.string().min(16) });
export type SesCredentials = z.infer<typeof SesCredentials>;

export const SesSettings = z.strictObject({
  tokenHeader: z.string().toLowerCase().default('x-baton-token'),
});
export type SesSettings = z.infer<typeof SesSettings>;
