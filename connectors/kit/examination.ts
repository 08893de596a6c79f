import type { OperationContext } from './context.ts';

/** What `baton doctor` looks at, for each connection. */
export const CHECKS = ['credentials', 'scopes', 'limits', 'webhooks', 'mapping', 'clock'] as const;
export type Check = (typeof CHECKS)[number];

export interface Finding {
  readonly state: 'ok' | 'warning' | 'failure' | 'unknown';
  /** What was seen, in one sentence. */
  readonly says: string;
  /** What to do about it, in one sentence. */
  readonly advice?: string | undefined;
}

/** The checks that only the vendor's folder knows how to make; each asks the vendor for real. */
export interface Examination<Credentials, Settings> {
  /** The vendor signs the time of its news, so that clocks which differ too much have them refused. */
  readonly signsTime?: true;
  /** Who we are to the vendor. Fails by throwing the HubError of `failure`. */
  credentials(context: OperationContext<Credentials, Settings>): Promise<Finding>;
  scopes?(context: OperationContext<Credentials, Settings>): Promise<Finding>;
  /** How much of the day's quota is left. */
  limits?(context: OperationContext<Credentials, Settings>): Promise<Finding>;
  /** Whether the vendor sends its news to this address. */
  webhooks?(context: OperationContext<Credentials, Settings>, address: string): Promise<Finding>;
}
