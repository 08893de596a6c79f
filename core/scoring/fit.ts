import { type ConditionFacts, holds, isKnown } from './condition.ts';
import type { FitRule, ScoringModel } from './model.ts';
import type { ScorePoint } from './score.ts';

/** How well the facts fit, as a percentage of the best that the model can give. */
export function scoreFit(model: ScoringModel, facts: ConditionFacts) {
  const points: ScorePoint[] = [];
  let best = 0;
  let known = 0;
  let earned = 0;
  for (const rules of groupsOf(model.fit)) {
    const most = rules[0]?.points ?? 0;
    best += most;
    if (rules.some(({ when }) => isKnown(when, facts))) known += most;
    const winner = winnerOf(rules, facts);
    if (winner === undefined) continue;
    earned += winner.points;
    points.push({
      axis: 'fit',
      rule: winner.id,
      points: winner.points,
      because: winner.because,
    });
  }
  return { percent: percentOf(earned, best), known: percentOf(known, best), points };
}

/** The rule that a group, the best first, counts by; none where none holds. */
export const winnerOf = (rules: readonly FitRule[], facts: ConditionFacts): FitRule | undefined =>
  rules.find(({ when }) => holds(when, facts));

const sorted = new WeakMap<readonly FitRule[], readonly (readonly FitRule[])[]>();

/**
 * The rules of which only the best one counts, together, the best first; a rule without a group
 * stands alone. Sorted once per model.
 */
export function groupsOf(rules: readonly FitRule[]): readonly (readonly FitRule[])[] {
  const found = sorted.get(rules);
  if (found !== undefined) return found;
  const byGroup = new Map<string, FitRule[]>();
  for (const rule of rules) {
    // A space cannot stand in an id, so a rule alone never meets a group of its name.
    const key = rule.group ?? `rule ${rule.id}`;
    byGroup.set(key, [...(byGroup.get(key) ?? []), rule]);
  }
  const groups = [...byGroup.values()].map((some) => some.sort(byPoints));
  sorted.set(rules, groups);
  return groups;
}

const byPoints = (one: FitRule, other: FitRule) => other.points - one.points;
const percentOf = (part: number, whole: number) => Math.round((100 * part) / whole);
