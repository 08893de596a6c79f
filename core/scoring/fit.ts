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
    const most = Math.max(...rules.map((rule) => rule.points));
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

/** The rule that a group counts by; none where none holds. */
export const winnerOf = (rules: readonly FitRule[], facts: ConditionFacts): FitRule | undefined =>
  rules.filter(({ when }) => holds(when, facts)).sort(byPoints)[0];

/** The rules of which only the best one counts, together; a rule without a group stands alone. */
export function groupsOf(rules: readonly FitRule[]): FitRule[][] {
  const groups = new Map<string, FitRule[]>();
  for (const rule of rules) {
    // A space cannot stand in an id, so a rule alone never meets a group of its name.
    const key = rule.group ?? `rule ${rule.id}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()];
}

const byPoints = (one: FitRule, other: FitRule) => other.points - one.points;
const percentOf = (part: number, whole: number) => Math.round((100 * part) / whole);
