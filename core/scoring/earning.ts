import { patternOf } from './condition.ts';
import type { EngagementRule, ScoringModel } from './model.ts';
import type { ScoredTouch } from './scored-touch.ts';

export const DAY_MS = 86_400_000;

/** A touch of p points is then worth p/65,536: nobody would see it in a score. */
const FADED_HALF_LIVES = 16;

/** Whether the touches of a rule on a day (counted from 1970, UTC) are too old to count at all. */
export const isFaded = ({ halfLifeDays }: EngagementRule, day: number, nowMs: number): boolean =>
  nowMs / DAY_MS - (day + 1) > FADED_HALF_LIVES * halfLifeDays;

/** What is left of a point of a rule after so many milliseconds. */
export const decayOf = ({ halfLifeDays }: EngagementRule, ageMs: number): number =>
  0.5 ** (Math.max(0, ageMs) / DAY_MS / halfLifeDays);

/** The rule by which a touch earns points: the first that it matches; none for what a bot did. */
export function ruleFor(model: ScoringModel, touch: ScoredTouch): EngagementRule | undefined {
  if (touch.bot !== undefined) return undefined;
  const rule = model.engagement.find((candidate) => matches(candidate, touch));
  return rule?.points === 0 ? undefined : rule;
}

const matches = (rule: EngagementRule, touch: ScoredTouch): boolean =>
  rule.touch === touch.kind &&
  isFound(rule.urlMatches, touch.url) &&
  isFound(rule.nameMatches, touch.name);

const isFound = (pattern: string | undefined, text: string | undefined): boolean =>
  pattern === undefined || (text !== undefined && patternOf(pattern).test(text.slice(0, 2000)));

/** What a scanner of mails may have done. */
export const isMailDeed = ({ kind }: Pick<ScoredTouch, 'kind'>): boolean =>
  kind === 'email-clicked' || kind === 'email-opened';

export const isDelivery = ({ kind }: Pick<ScoredTouch, 'kind'>): boolean =>
  kind === 'email-received';

/** How long after a delivery a model takes opens and clicks for those of a scanner; 0 for never. */
export const scanWindowMs = ({ scannersWithinSeconds = 0 }: ScoringModel): number =>
  scannersWithinSeconds * 1000;

/** Tells what mail scanners did from what people did, as far as deliveries are known. */
export function scansIn(
  model: ScoringModel,
  touches: readonly ScoredTouch[],
): (touch: ScoredTouch) => boolean {
  const withinMs = scanWindowMs(model);
  if (withinMs === 0) return () => false;
  const delivered = touches.filter(isDelivery).map(({ at }) => Date.parse(at));
  return (touch) => {
    if (!isMailDeed(touch)) return false;
    const ms = Date.parse(touch.at);
    return delivered.some((from) => from <= ms && ms - from <= withinMs);
  };
}

/** A touch that earns nothing although a person's would, and why. */
export interface LeftOut {
  readonly touchId: string;
  readonly because: string;
}

/** Which touches were not a person's, each with how that is known. */
export function leftOut(model: ScoringModel, touches: readonly ScoredTouch[]): LeftOut[] {
  const isScan = scansIn(model, touches);
  const { scannersWithinSeconds = 0 } = model;
  return touches.flatMap((touch): LeftOut[] => {
    const { id: touchId, bot } = touch;
    if (bot !== undefined) return [{ touchId, because: `done by a machine (${bot})` }];
    if (!isScan(touch)) return [];
    return [{ touchId, because: `within ${scannersWithinSeconds} s of a mail: a scanner's` }];
  });
}
