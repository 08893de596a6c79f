import * as z from 'zod';
import { canonical } from '#core/canonical.ts';
import { Instant } from '#core/events.ts';
import { shortHash } from '#core/hash.ts';
import { DAY_MS, decayOf, isFaded, ruleFor, scansIn } from './earning.ts';
import type { EngagementRule, ScoringModel } from './model.ts';
import type { ScoredTouch } from './scored-touch.ts';

/** How many touches of a rule there were on a day, and when the latest was (ms since 1970). */
const Counted = z.tuple([z.number().int().positive(), z.number()]).readonly();
type Counted = z.infer<typeof Counted>;

/**
 * What somebody's touches come to under a model, kept so that none of them has to be read again:
 * by rule and day (UTC, counted from 1970) how many there were, and when the latest. Counts add up
 * and the later instant wins, so it does not matter in which order touches come, how late, or that
 * two people turn out to be one; time does the rest.
 */
export const Tally = z.strictObject({
  /** When sales last gave them back; a day that it cuts has two counts, the one since under `+`. */
  splitAt: Instant.optional(),
  days: z.record(z.string(), z.record(z.string(), Counted)),
});
export type Tally = z.infer<typeof Tally>;

const hashes = new WeakMap<ScoringModel, string>();

/** Models that count touches alike have the same; what a touch is worth may differ. */
export function countedBy(model: ScoringModel): string {
  const known = hashes.get(model);
  if (known !== undefined) return known;
  const rules = model.engagement.map(({ id, touch, urlMatches, nameMatches, ...rule }) => {
    return [id, touch, urlMatches ?? null, nameMatches ?? null, rule.halfLifeDays, rule.points > 0];
  });
  const hash = shortHash('tally 1', canonical([rules, model.scannersWithinSeconds ?? 0]));
  hashes.set(model, hash);
  return hash;
}

/** Before anything was done. */
export const emptyTally = (splitAt?: string): Tally => ({
  ...(splitAt === undefined ? {} : { splitAt }),
  days: {},
});

/** Counts all touches that there are. */
export function tallyOf(
  model: ScoringModel,
  touches: readonly ScoredTouch[],
  splitAt?: string,
): Tally {
  const isScan = scansIn(model, touches);
  let tally = emptyTally(splitAt);
  for (const touch of new Map(touches.map((each) => [each.id, each])).values()) {
    if (!isScan(touch)) tally = withTouch(model, tally, touch);
  }
  return tally;
}

/** One touch more, of which nobody knows that a scanner did it. */
export function withTouch(model: ScoringModel, tally: Tally, touch: ScoredTouch): Tally {
  const rule = ruleFor(model, touch);
  return rule === undefined ? tally : counted(tally, rule, Date.parse(touch.at));
}

/** One touch of a rule more, whatever it was. */
export function counted(tally: Tally, rule: EngagementRule, atMs: number): Tally {
  const key = keyOf(atMs, tally.splitAt);
  const days = tally.days[rule.id] ?? {};
  const more = { ...days, [key]: sumOf(days[key], [1, atMs]) };
  return { ...tally, days: { ...tally.days, [rule.id]: more } };
}

const sumOf = (one: Counted | undefined, other: Counted): Counted =>
  one === undefined ? other : [one[0] + other[0], Math.max(one[1], other[1])];

const dayOf = (ms: number) => Math.floor(ms / DAY_MS);

function keyOf(atMs: number, splitAt: string | undefined): string {
  const day = dayOf(atMs);
  if (splitAt === undefined) return String(day);
  const splitMs = Date.parse(splitAt);
  return dayOf(splitMs) === day && atMs > splitMs ? `${day}+` : String(day);
}

/** Without what is too old to count, now and ever after. */
export function pruned(model: ScoringModel, tally: Tally, now: Date): Tally {
  const rules = new Map(model.engagement.map((rule) => [rule.id, rule]));
  const kept = Object.entries(tally.days).flatMap(([id, days]) => {
    const rule = rules.get(id);
    if (rule === undefined) return [];
    const left = Object.entries(days).filter(
      ([day]) => !isFaded(rule, Number.parseInt(day, 10), now.getTime()),
    );
    return left.length === 0 ? [] : [[id, Object.fromEntries(left)] as const];
  });
  return { ...tally, days: Object.fromEntries(kept) };
}

/** The tally with some days counted anew: as `fresh` has them, which says nothing of any other. */
export function withDays(tally: Tally, days: readonly number[], fresh: Tally): Tally {
  const isOf = ([key]: readonly [string, unknown]) => days.includes(Number.parseInt(key, 10));
  const ids = new Set([...Object.keys(tally.days), ...Object.keys(fresh.days)]);
  const all = [...ids].map((id) => {
    const old = Object.entries(tally.days[id] ?? {}).filter((entry) => !isOf(entry));
    const anew = Object.entries(fresh.days[id] ?? {}).filter(isOf);
    return [id, Object.fromEntries([...old, ...anew])] as const;
  });
  return { ...tally, days: Object.fromEntries(all) };
}

/** The tally with no day cut in two. */
export function unsplit({ days }: Tally): Tally {
  const joined = Object.entries(days).map(([id, counts]) => {
    const byDay: Record<string, Counted> = {};
    for (const [key, count] of Object.entries(counts)) {
      const day = key.replace('+', '');
      byDay[day] = sumOf(byDay[day], count);
    }
    return [id, byDay] as const;
  });
  return { days: Object.fromEntries(joined) };
}

/** Which day a hand-back cuts, where anything was counted on it. */
export function cutDay({ days }: Tally, splitAt: string): number | undefined {
  const day = dayOf(Date.parse(splitAt));
  return Object.values(days).some((counts) => counts[String(day)] !== undefined) ? day : undefined;
}

/** What the touches of a rule on a day are worth now. */
export interface DayWorth {
  readonly rule: EngagementRule;
  readonly count: number;
  readonly points: number;
  /** Up to the hand-back, rather than since. */
  readonly isBefore: boolean;
}

/**
 * What a tally is worth, day by day: the touches of one rule on one day fade together, from the
 * latest of them on, and n of them count as 1 + 1/2 + … + 1/n of one where the model says so. On a
 * day that a hand-back cuts, those since count first, and either part fades from its own latest.
 */
export function worthByDay(model: ScoringModel, tally: Tally, now: Date): DayWorth[] {
  const nowMs = now.getTime();
  const splitDay = tally.splitAt === undefined ? -1 : dayOf(Date.parse(tally.splitAt));
  return model.engagement.flatMap((rule) => {
    const days = tally.days[rule.id] ?? {};
    return Object.entries(days).flatMap(([key, [count, latest]]): DayWorth[] => {
      const day = Number.parseInt(key, 10);
      if (isFaded(rule, day, nowMs)) return [];
      const [first] = days[`${key}+`] ?? [0];
      const share = model.dailyDiminishing ? harmonic(first + count) - harmonic(first) : count;
      const points = rule.points * share * decayOf(rule, nowMs - latest);
      return [{ rule, count, points, isBefore: day <= splitDay && !key.endsWith('+') }];
    });
  });
}

const sums = [0];

/** 1 + 1/2 + … + 1/n. */
function harmonic(n: number): number {
  for (let k = sums.length; k <= n; k += 1) sums.push((sums[k - 1] ?? 0) + 1 / k);
  return sums[n] ?? 0;
}
