import type { Delivery, OperationContext } from './context.ts';

/**
 * A way to ask a vendor for everything that changed, beside its webhooks: what they lost is found
 * here. Its deliveries go through `inbound.translate` like any other.
 */
export interface Stream<Credentials, Settings> {
  /** One sentence for the catalogue. */
  readonly summary: string;
  /** How often it is asked, in minutes, unless the connection says otherwise. */
  readonly everyMinutes: number;
  /**
   * The next page after a cursor of its own making (plain JSON, kept between calls); without one
   * it begins at `from`. Pages overlap rather than leave a gap, end although thousands of rows
   * share one timestamp, and the same state of a record has the same dedupe key on each of them.
   */
  read(
    context: OperationContext<Credentials, Settings>,
    place: { readonly cursor: unknown } | { readonly from: Date },
  ): Promise<StreamPage>;
}

export interface StreamPage {
  readonly deliveries: readonly Delivery[];
  readonly cursor: unknown;
  /** Whether another page is there to be read at once. */
  readonly more: boolean;
}
