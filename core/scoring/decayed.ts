import { ruleFor } from './engagement.ts';
import type { ScoringModel } from './model.ts';
import type { ScoredTouch } from './scored-touch.ts';

const DAY_MS = 86_400_000;

/** A sum of points that all halve in the same time: what they were worth together at an instant. */
export interface Decayed {
  readonly points: number;
  /** Milliseconds since 1970; the sum is known before it as well as after it. */
  readonly at: number;
}

/** What such a sum is worth at an instant: S(t) = S(t₀) · 2^(−(t − t₀) / h). */
export const worthAt = ({ points, at }: Decayed, now: number, halfLifeDays: number): number =>
  points === 0 ? 0 : points * 2 ** ((at - now) / (halfLifeDays * DAY_MS));

/**
 * Two sums as one, as of the later of their instants. Commutative and associative (to the rounding
 * of floating point), so that it does not matter in which order touches come, how late, or that two
 * people turn out to be one.
 */
export function sumOf(one: Decayed, other: Decayed, halfLifeDays: number): Decayed {
  const at = Math.max(one.at, other.at);
  return { points: worthAt(one, at, halfLifeDays) + worthAt(other, at, halfLifeDays), at };
}

/**
 * All that somebody's touches are worth under a model, by category and half-life. It needs no nightly
 * job and no second reading of history: each touch is added once, and time does the rest. It says
 * nothing of diminishing returns within a day nor of mail scanners, which no sum can keep.
 */
export type Ledger = ReadonlyMap<string, Entry>;

interface Entry extends Decayed {
  readonly category: string;
  readonly halfLifeDays: number;
}

/** What one touch earns; nothing where no rule knows it. One from the future counts as of `heard`. */
export function ledgerOf(model: ScoringModel, touch: ScoredTouch, heard: Date): Ledger {
  const rule = ruleFor(model, touch);
  if (rule === undefined || rule.points === 0) return new Map();
  const { category, halfLifeDays, points } = rule;
  const at = Math.min(Date.parse(touch.at), heard.getTime());
  return new Map([[`${category} ${halfLifeDays}`, { category, halfLifeDays, points, at }]]);
}

/** The ledgers of several touches or people as one: of an account, that of its members. */
export function together(ledgers: Iterable<Ledger>): Ledger {
  const all = new Map<string, Entry>();
  for (const ledger of ledgers) {
    for (const [key, entry] of ledger) {
      const has = all.get(key);
      all.set(
        key,
        has === undefined ? entry : { ...entry, ...sumOf(has, entry, entry.halfLifeDays) },
      );
    }
  }
  return all;
}

/** What a ledger is worth at an instant, in points by category, before caps. */
export function pointsAt(ledger: Ledger, now: Date): ReadonlyMap<string, number> {
  const points = new Map<string, number>();
  for (const { category, halfLifeDays, ...sum } of ledger.values()) {
    const worth = worthAt(sum, now.getTime(), halfLifeDays);
    points.set(category, (points.get(category) ?? 0) + worth);
  }
  return points;
}
