/** One of a vendor's rates: so many calls in any span of so many milliseconds. */
export interface RateLimit {
  /** The vendor's word for it, as messages and `baton doctor` name it. */
  readonly name: string;
  readonly calls: number;
  readonly everyMs: number;
  /** Which calls count; all of them when absent. `path` is without host and query. */
  readonly only?: (request: { readonly method: string; readonly path: string }) => boolean;
}

/** What one connection may ask of its vendor: the hub's share, which is less than the vendor's limit. */
export interface Limits {
  readonly rates: readonly RateLimit[];
  /** Calls under way at once. */
  readonly concurrent?: number | undefined;
  readonly daily?:
    | {
        readonly calls: number;
        /** The quota is whole again at midnight here, or never at once: over the last 24 hours. */
        readonly resets: { readonly midnightIn: string } | 'rolling';
      }
    | undefined;
}

/** What an answer tells of the day's quota, whoever used it up. */
export interface QuotaReading {
  readonly most: number;
  readonly remaining: number;
}
