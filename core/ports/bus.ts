import type { CanonicalEvent } from '#core/events.ts';

/** What intake publishes: the event as applied, and whom it turned out to be about. */
export interface Published {
  readonly event: CanonicalEvent;
  /** Absent while the subject is anonymous. */
  readonly personId?: string | undefined;
  /** For this listener alone, in no order with the person's other news, which must not wait for it. */
  readonly only?: 'conversions' | 'merge' | undefined;
}

/** At least once, in no order; listeners are idempotent. Resolves when the news is durable. */
export interface Bus {
  publish(news: readonly Published[]): Promise<void>;
}
