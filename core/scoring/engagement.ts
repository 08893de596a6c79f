import { DAY_MS, decayOf, isFaded, isMailDeed, ruleFor, scansIn, scanWindowMs } from './earning.ts';
import type { EngagementRule, ScoringModel } from './model.ts';
import type { ScorePoint } from './score.ts';
import type { ScoredTouch } from './scored-touch.ts';
import { type DayWorth, type Tally, worthByDay } from './tally.ts';

/** What was done up to an instant counts no more than so many per cent of full engagement. */
export interface EngagementFloor {
  readonly at: string;
  readonly percent: number;
}

/** What somebody did: all touches, or the newest of them with the tally of all. */
export interface Deeds {
  readonly touches: readonly ScoredTouch[];
  /** Cut by the floor, where there is one. */
  readonly tally?: Tally | undefined;
  /** Set where there are older touches, which only the tally knows of. */
  readonly more?: boolean | undefined;
  /** Set for somebody whom sales gave back: engagement starts from here again. */
  readonly floor?: EngagementFloor | undefined;
}

/** Points by category, before caps. */
type ByCategory = ReadonlyMap<string, number>;

/**
 * How engaged somebody is now, as a percentage of what the model calls full. Under a floor all that
 * was done before it shrinks alike, so that what is done since can only add. A point stands for each
 * touch, and one for all those that only the tally knows of.
 */
export function scoreEngagement(model: ScoringModel, deeds: Deeds, now: Date) {
  const { tally, floor } = deeds;
  const lines = linesOf(model, deeds, now);
  const days = tally === undefined ? lines : worthByDay(model, tally, now);
  const shrink = shrinkOf(model, days, floor);
  const worth = sumByCategory(days, shrink);
  const byCategory = pointsByCategory(lines, shrink);
  const points: ScorePoint[] = [];
  for (const [category, sum] of worth) {
    const shown = byCategory.get(category) ?? [];
    const older = tally === undefined ? 0 : countOf(days, category) - shown.length;
    points.push(...settled(category, round(sum), shown, older));
  }
  points.push(...capLines(model, worth));
  const total = points.reduce((sum, point) => sum + point.points, 0);
  return { percent: Math.min(100, Math.round((100 * total) / fullEngagementOf(model))), points };
}

/** The points of a tally under caps and floor, to any precision. */
export function engagementPoints(
  model: ScoringModel,
  tally: Tally,
  now: Date,
  floor?: EngagementFloor | undefined,
): number {
  const days = worthByDay(model, tally, now);
  const worth = sumByCategory(days, shrinkOf(model, days, floor));
  return [...worth].reduce(
    (sum, [category, points]) => sum + Math.min(points, model.caps[category] ?? points),
    0,
  );
}

/** The points that make an engagement of 100 %. */
export const fullEngagementOf = ({ fullEngagement, caps }: ScoringModel): number =>
  fullEngagement ?? Object.values(caps).reduce((sum, each) => sum + each, 0);

/** By how much all that was done before a hand-back shrinks. */
function shrinkOf(
  model: ScoringModel,
  days: readonly Omit<DayWorth, 'count'>[],
  floor: EngagementFloor | undefined,
): number {
  if (floor === undefined) return 1;
  const most = (floor.percent / 100) * fullEngagementOf(model);
  let before = 0;
  for (const { isBefore, points } of days) if (isBefore) before += points;
  return before <= most ? 1 : most / before;
}

function sumByCategory(days: readonly Omit<DayWorth, 'count'>[], shrink: number): ByCategory {
  const sums = new Map<string, number>();
  for (const { rule, points, isBefore } of days) {
    const worth = isBefore ? points * shrink : points;
    sums.set(rule.category, (sums.get(rule.category) ?? 0) + worth);
  }
  return sums;
}

/** A touch with what it earns, before the floor. */
interface Line extends Omit<DayWorth, 'count'> {
  readonly touch: ScoredTouch;
  readonly at: string;
}

/** How many touches of a rule a day has had so far, newest first, and the newest of either part. */
interface Day {
  rank: number;
  since?: number;
  before?: number;
}

/**
 * Newest first, so that a touch more can never make the score smaller: the k-th of a rule on a day
 * counts 1/k, and all of them fade from the first of these on.
 */
function linesOf(model: ScoringModel, { touches, more, floor }: Deeds, now: Date): Line[] {
  const nowMs = now.getTime();
  const seen = new Map<string, Day>();
  return earningsOf(model, touches, nowMs, more === true).map(({ rule, touch, atMs }): Line => {
    const isBefore = floor !== undefined && atMs <= Date.parse(floor.at);
    const key = `${rule.id} ${Math.floor(atMs / DAY_MS)}`;
    const day = seen.get(key) ?? { rank: 0 };
    if (day.rank === 0) seen.set(key, day);
    day.rank += 1;
    const part = isBefore ? 'before' : 'since';
    day[part] ??= atMs;
    const whole = rule.points * decayOf(rule, nowMs - day[part]);
    const points = whole / (model.dailyDiminishing ? day.rank : 1);
    // Clocks of vendors differ: a touch in the future counts as one right now.
    return { rule, touch, isBefore, points, at: inUtc(touch.at, Math.min(atMs, nowMs)) };
  });
}

/** A touch with the rule that it earns points by. */
interface Earning {
  readonly rule: EngagementRule;
  readonly touch: ScoredTouch;
  readonly atMs: number;
}

/**
 * Newest first. Where older touches are not at hand, what a scanner may have done after one of them
 * is left to the tally.
 */
function earningsOf(
  model: ScoringModel,
  touches: readonly ScoredTouch[],
  nowMs: number,
  more: boolean,
): readonly Earning[] {
  const isScan = scansIn(model, touches);
  const fromMs = more ? earliestOf(touches) + scanWindowMs(model) : Number.NEGATIVE_INFINITY;
  const earnings: Earning[] = [];
  for (const touch of new Map(touches.map((each) => [each.id, each])).values()) {
    const rule = ruleFor(model, touch);
    if (rule === undefined || isScan(touch)) continue;
    const atMs = Date.parse(touch.at);
    if ((atMs < fromMs && isMailDeed(touch)) || isFaded(rule, Math.floor(atMs / DAY_MS), nowMs))
      continue;
    earnings.push({ rule, touch, atMs });
  }
  return earnings.sort(
    (one, other) => other.atMs - one.atMs || (one.touch.id < other.touch.id ? -1 : 1),
  );
}

const earliestOf = (touches: readonly ScoredTouch[]) =>
  Math.min(...touches.map(({ at }) => Date.parse(at)));

/** Most touches say their instant as we would. */
const inUtc = (text: string, ms: number): string =>
  text.length === 24 && text.endsWith('Z') && Date.parse(text) === ms
    ? text
    : new Date(ms).toISOString();

function pointsByCategory(lines: readonly Line[], shrink: number) {
  const points = new Map<string, ScorePoint[]>();
  for (const line of lines) {
    const some = points.get(line.rule.category);
    if (some === undefined) points.set(line.rule.category, [pointOf(line, shrink)]);
    else some.push(pointOf(line, shrink));
  }
  return points;
}

const countOf = (days: readonly (DayWorth | Line)[], category: string): number =>
  days.reduce(
    (sum, day) => (day.rule.category === category && 'count' in day ? sum + day.count : sum),
    0,
  );

/**
 * The points of a category, to the thousandth: one for each touch at hand and one for the older
 * ones, which add up to what the category is worth.
 */
function settled(
  category: string,
  worth: number,
  points: readonly ScorePoint[],
  older: number,
): readonly ScorePoint[] {
  const rest = round(worth - points.reduce((sum, each) => sum + each.points, 0));
  if (older > 0) return [...points, restLine(category, rest, older)];
  return rest === 0 ? points : withRest(points, rest);
}

const restLine = (category: string, points: number, count: number): ScorePoint => ({
  axis: 'engagement',
  rule: `earlier-${category}`,
  points,
  because: `${count} earlier ${category} touch${count === 1 ? '' : 'es'} together`,
});

/** Thousandths that were lost by rounding each go where they are noticed least. */
function withRest(points: readonly ScorePoint[], rest: number): ScorePoint[] {
  const most = points.reduce((one, other) => (other.points > one.points ? other : one));
  return points.map((point) =>
    point === most ? { ...point, points: round(point.points + rest) } : point,
  );
}

function pointOf({ rule, touch, points, isBefore, at }: Line, shrink: number): ScorePoint {
  const because = rule.because ?? touch.name;
  const isShrunk = isBefore && shrink < 1;
  return {
    axis: 'engagement',
    rule: rule.id,
    points: round(isShrunk ? points * shrink : points),
    because: isShrunk ? `${because}, before the hand-back` : because,
    touchId: touch.id,
    at,
  };
}

/** What goes beyond the cap of a category is taken off in a line of its own. */
function capLines(model: ScoringModel, worth: ByCategory): ScorePoint[] {
  return Object.entries(model.caps).flatMap(([category, cap]): ScorePoint[] => {
    const over = round(cap - round(worth.get(category) ?? 0));
    if (over >= 0) return [];
    return [
      {
        axis: 'engagement',
        rule: `cap-${category}`,
        points: over,
        because: `all ${category} touches together count at most ${cap}`,
      },
    ];
  });
}

/** To a thousandth, so that records stay readable and the lines still add up. */
const round = (points: number) => Math.round(points * 1000) / 1000;
