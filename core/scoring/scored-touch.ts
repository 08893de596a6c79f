import type { BotClass, TouchKind } from '#core/events.ts';

/** A touch as scoring and the briefing need it. */
export interface ScoredTouch {
  readonly id: string;
  readonly at: string;
  readonly kind: TouchKind;
  readonly name: string;
  readonly url?: string | undefined;
  /** Set where the agent behind it told that it is no person. */
  readonly bot?: BotClass | undefined;
}
