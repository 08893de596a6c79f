import * as z from 'zod';
import { TouchKind } from '#core/events.ts';

/** What a track event may mean. */
export const Meaning = z.union([
  /** `hand-raise`: somebody asked to talk to sales. `form`: any other form. */
  z.enum(['hand-raise', 'form', 'unsubscribed', 'ignore']),
  TouchKind,
]);
export type Meaning = z.infer<typeof Meaning>;

/** What every sender of web analytics can be told. */
export const AnalyticsSettings = z.strictObject({
  /** Event names of this site, beside the usual ones; case, `_` and `-` make no difference. */
  events: z.record(z.string(), Meaning).default({}),
  /**
   * What a track event means that has no name here. Ignored by default: a touch of a guessed kind
   * would move scores.
   */
  otherEvents: z.union([z.literal('ignore'), TouchKind]).default('ignore'),
});
export type AnalyticsSettings = z.infer<typeof AnalyticsSettings>;
