import * as z from 'zod';
import type { OperationContext } from '#connectors/kit/connector.ts';

/** From the data stream: Admin → Data streams → Measurement Protocol API secrets. */
export const Ga4Credentials = z.strictObject({ apiSecret: z.string().min(1) });
export type Ga4Credentials = z.infer<typeof Ga4Credentials>;

export const Ga4Settings = z.strictObject({
  /** Of the data stream. */
  measurementId: z.string().regex(/^G-[A-Z0-9]+$/, 'must look like G-AB12CD34EF'),
  /** `https://region1.google-analytics.com` keeps what is sent in the EU. */
  baseUrl: z.url().default('https://www.google-analytics.com'),
});
export type Ga4Settings = z.infer<typeof Ga4Settings>;

export type Ga4Context = OperationContext<Ga4Credentials, Ga4Settings>;
