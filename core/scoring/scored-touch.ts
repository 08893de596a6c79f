import type { TouchKind } from '#core/events.ts';

/** A touch as scoring and the briefing need it. */
export interface ScoredTouch {
  readonly id: string;
  readonly at: string;
  readonly kind: TouchKind;
  readonly name: string;
  readonly url?: string | undefined;
}
