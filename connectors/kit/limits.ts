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

/** The limits times a share; at least one call of each, or nothing would ever go out. */
export function shareOf(limits: Limits, share: number): Limits {
  const part = (calls: number) => Math.max(1, Math.floor(calls * share));
  const { rates, concurrent, daily } = limits;
  return {
    rates: rates.map((rate) => ({ ...rate, calls: part(rate.calls) })),
    concurrent: concurrent === undefined ? undefined : part(concurrent),
    daily: daily === undefined ? undefined : { ...daily, calls: part(daily.calls) },
  };
}
