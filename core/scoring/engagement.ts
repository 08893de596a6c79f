import { patternOf } from './condition.ts';
import type { EngagementRule, ScoringModel } from './model.ts';
import type { ScorePoint } from './score.ts';
import type { ScoredTouch } from './scored-touch.ts';

const DAY_MS = 86_400_000;

/** A touch with the rule that it earns points by; not worth anything yet. */
export interface Earning {
  readonly rule: EngagementRule;
  readonly touch: Pick<ScoredTouch, 'id' | 'name'>;
  readonly ageMs: number;
  readonly at: string;
}

/** What was done up to an instant counts no more than so many per cent of full engagement. */
export interface EngagementFloor {
  readonly at: string;
  readonly percent: number;
}

/**
 * How engaged somebody is now, as a percentage of what the model calls full. Under a floor all that
 * was done before it shrinks alike, so that what is done since can only add.
 */
export function scoreEngagement(
  model: ScoringModel,
  touches: readonly ScoredTouch[],
  now: Date,
  floor?: EngagementFloor | undefined,
) {
  return worthOf(model, earningsOf(model, touches, now), floor);
}

/** What earnings, newest first, are worth together: each point, and the percentage. */
export function worthOf(
  model: ScoringModel,
  earnings: readonly Earning[],
  floor?: EngagementFloor | undefined,
) {
  const rank = dailyRanks(model);
  const earned = earnings.map((earning): ScorePoint & Categorised => {
    const { rule, touch, ageMs, at } = earning;
    const decay = 0.5 ** (ageMs / DAY_MS / rule.halfLifeDays);
    return {
      axis: 'engagement',
      rule: rule.id,
      points: round((rule.points * decay) / rank(earning)),
      because: rule.because ?? touch.name,
      touchId: touch.id,
      at,
      category: rule.category,
    };
  });
  const full = fullEngagementOf(model);
  const points = floor === undefined ? earned : floored(earned, floor, full);
  const capped = [...points.map(({ category: _, ...point }) => point), ...capLines(model, points)];
  const total = capped.reduce((sum, point) => sum + point.points, 0);
  return { percent: Math.min(100, Math.round((100 * total) / full)), points: capped };
}

/** The points that make an engagement of 100 %. */
export const fullEngagementOf = ({ fullEngagement, caps }: ScoringModel): number =>
  fullEngagement ?? sumOf(Object.values(caps));

function floored<Point extends ScorePoint>(
  points: readonly Point[],
  { at, percent }: EngagementFloor,
  full: number,
): Point[] {
  const isBefore = (point: Point) => point.at !== undefined && point.at <= at;
  const before = sumOf(points.filter(isBefore).map((each) => each.points));
  const most = (percent / 100) * full;
  if (before <= most) return [...points];
  return points.map((point) =>
    isBefore(point)
      ? {
          ...point,
          points: Math.trunc((point.points * most * 1000) / before) / 1000,
          because: `${point.because}, before the hand-back`,
        }
      : point,
  );
}

interface Categorised {
  readonly category: string;
}

/** Newest first, so that a touch more can never make the score smaller. */
export function earningsOf(
  model: ScoringModel,
  touches: readonly ScoredTouch[],
  now: Date,
): readonly Earning[] {
  const earnings: Earning[] = [];
  const isScan = scansIn(model, touches);
  for (const touch of new Map(touches.map((each) => [each.id, each])).values()) {
    const rule = ruleFor(model, touch);
    if (rule === undefined || rule.points === 0 || isScan(touch)) continue;
    // Clocks of vendors differ: a touch in the future counts as one right now.
    const atMs = Math.min(Date.parse(touch.at), now.getTime());
    const at = inUtc(touch.at, atMs);
    earnings.push({ rule, touch, ageMs: now.getTime() - atMs, at });
  }
  return earnings.sort(
    (one, other) => one.ageMs - other.ageMs || (one.touch.id < other.touch.id ? -1 : 1),
  );
}

/** Tells what mail scanners did from what people did, as far as deliveries are known. */
function scansIn(
  { scannersWithinSeconds }: ScoringModel,
  touches: readonly ScoredTouch[],
): (touch: ScoredTouch) => boolean {
  if (scannersWithinSeconds === undefined) return () => false;
  const delivered = touches
    .filter(({ kind }) => kind === 'email-received')
    .map(({ at }) => Date.parse(at));
  return ({ kind, at }) => {
    if (kind !== 'email-clicked' && kind !== 'email-opened') return false;
    const ms = Date.parse(at);
    return delivered.some((from) => from <= ms && ms - from <= scannersWithinSeconds * 1000);
  };
}

/** The rule by which a touch earns points: the first that it matches. */
export const ruleFor = (model: ScoringModel, touch: ScoredTouch): EngagementRule | undefined =>
  model.engagement.find((candidate) => matches(candidate, touch));

/** Most touches say their instant as we would. */
const inUtc = (text: string, ms: number): string =>
  text.length === 24 && text.endsWith('Z') && Date.parse(text) === ms
    ? text
    : new Date(ms).toISOString();

const matches = (rule: EngagementRule, touch: ScoredTouch): boolean =>
  rule.touch === touch.kind &&
  isFound(rule.urlMatches, touch.url) &&
  isFound(rule.nameMatches, touch.name);

const isFound = (pattern: string | undefined, text: string | undefined): boolean =>
  pattern === undefined || (text !== undefined && patternOf(pattern).test(text.slice(0, 2000)));

/** Counts the touches of a rule within a day: 1 for the newest, 2 for the one before it. */
function dailyRanks({ dailyDiminishing }: ScoringModel) {
  const seen = new Map<string, number>();
  return ({ rule, at }: Earning): number => {
    if (!dailyDiminishing) return 1;
    const key = `${rule.id} ${at.slice(0, 10)}`;
    const rank = (seen.get(key) ?? 0) + 1;
    seen.set(key, rank);
    return rank;
  };
}

/** What goes beyond the cap of a category is taken off in a line of its own. */
function capLines(
  model: ScoringModel,
  points: readonly (ScorePoint & Categorised)[],
): ScorePoint[] {
  const sums = new Map<string, number>();
  for (const { category, points: worth } of points) {
    sums.set(category, (sums.get(category) ?? 0) + worth);
  }
  return Object.entries(model.caps).flatMap(([category, cap]): ScorePoint[] => {
    const earned = sums.get(category) ?? 0;
    if (earned <= cap) return [];
    return [
      {
        axis: 'engagement',
        rule: `cap-${category}`,
        points: round(cap - earned),
        because: `all ${category} touches together count at most ${cap}`,
      },
    ];
  });
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);
/** To a thousandth, so that records stay readable and the lines still add up. */
const round = (points: number) => Math.round(points * 1000) / 1000;
