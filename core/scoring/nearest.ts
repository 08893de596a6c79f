import { type ConditionFacts, isKnown } from './condition.ts';
import { engagementPoints, fullEngagementOf } from './engagement.ts';
import { groupsOf, winnerOf } from './fit.ts';
import type { EngagementRule, FitRule, ScoringModel } from './model.ts';
import { exclusionOf, type LeadFacts } from './score-lead.ts';
import { counted, tallyOf } from './tally.ts';

/** A fact that would lift the fit. */
export interface MissingFact {
  /** Each one does, as long as the other missing facts come true; the best first. */
  readonly anyOf: readonly FitRule[];
  /** What is known now speaks against it, so that finding out more does not help. */
  readonly known: boolean;
}

/** Touches of one kind that would lift the engagement, were they to happen now. */
export interface MissingTouches {
  readonly rule: EngagementRule;
  readonly count: number;
}

/** The least that makes a lead an A1 under a model. */
export interface Nearest {
  /** Whether what is named suffices; a model may put an A or a 1 out of reach. */
  readonly reached: boolean;
  /** Empty for an A; absent where no facts make one. */
  readonly fit?: readonly MissingFact[] | undefined;
  /** Empty for a 1; absent where not even many touches make one. */
  readonly touches?: readonly MissingTouches[] | undefined;
  /** What keeps the lead out even as an A1. */
  readonly excludedBy?: string | undefined;
}

/** Whoever needs more touches than these is not near. */
const MOST_TOUCHES = 30;

/**
 * The fewest facts and the fewest touches that lift a lead's fit to A and its engagement to 1.
 *
 * Of as small sets of facts it names one with the least that is known to be otherwise. Touches count
 * as if they happened now, under caps, diminishing returns and the floor of a hand-back; the gain of
 * one more touch never grows within a category and categories add up, which is why taking the most
 * gainful touch each time needs the fewest.
 *
 * Groups of fit rules are taken as independent: where two ask about one field, a fact for the one may
 * undo the other.
 */
export function nearest(model: ScoringModel, facts: LeadFacts, now: Date): Nearest {
  const fit = missingFacts(model, facts);
  const touches = facts.handRaiser ? [] : missingTouches(model, facts, now);
  return {
    reached: fit !== undefined && touches !== undefined,
    fit,
    touches,
    excludedBy: exclusionOf(model, facts)?.id,
  };
}

interface Gain {
  readonly rules: readonly FitRule[];
  readonly has: number;
  readonly gain: number;
  readonly known: boolean;
}

function missingFacts(model: ScoringModel, facts: ConditionFacts): MissingFact[] | undefined {
  const groups = groupsOf(model.fit).map((rules) => gainOf(rules, facts));
  const best = groups.reduce((sum, { has, gain }) => sum + has + gain, 0);
  const has = groups.reduce((sum, group) => sum + group.has, 0);
  const least = leastFor(model, best);
  const over = (some: readonly Gain[]) => some.reduce((sum, { gain }) => sum + gain, has) - least;
  const chosen = fewest(
    groups.filter(({ gain }) => gain > 0),
    (some) => over(some) >= 0,
  );
  if (chosen === undefined) return undefined;
  let surplus = over(chosen);
  return chosen
    .toReversed()
    .map((group) => {
      const most = group.has + group.gain;
      const anyOf = group.rules.filter(
        ({ points }) => points > group.has && most - points <= surplus,
      );
      surplus -= most - Math.min(most, ...anyOf.map(({ points }) => points));
      return { anyOf, known: group.known };
    })
    .toReversed();
}

/** The points that are just enough for an A once they are rounded to a percentage. */
const leastFor = ({ bands }: ScoringModel, best: number) =>
  ((Math.ceil(bands.fit.A) - 0.5) * best) / 100;

function gainOf(rules: readonly FitRule[], facts: ConditionFacts): Gain {
  const has = winnerOf(rules, facts)?.points ?? 0;
  const most = rules[0]?.points ?? 0;
  const known = rules.some(({ when }) => isKnown(when, facts));
  return { rules, has, gain: most - has, known };
}

/** The fewest gains that suffice; of as few, those with the fewest that are known to be otherwise. */
function fewest(
  gains: readonly Gain[],
  suffices: (chosen: readonly Gain[]) => boolean,
): readonly Gain[] | undefined {
  const byGain = gains.toSorted((one, other) => other.gain - one.gain);
  const known = byGain.filter((each) => each.known);
  const unknown = byGain.filter((each) => !each.known);
  for (let size = 0; size <= gains.length; size += 1) {
    for (let against = 0; against <= size; against += 1) {
      const chosen = [...unknown.slice(0, size - against), ...known.slice(0, against)];
      if (chosen.length === size && suffices(chosen)) return chosen;
    }
  }
  return undefined;
}

function missingTouches(
  model: ScoringModel,
  facts: LeadFacts,
  now: Date,
): MissingTouches[] | undefined {
  const { floor, touches } = facts;
  const rules = earnable(model);
  const enough = (points: number) =>
    Math.round((100 * points) / fullEngagementOf(model)) >= model.bands.engagement['1'];
  const added: EngagementRule[] = [];
  let tally = facts.tally ?? tallyOf(model, touches, floor?.at);
  for (let points = engagementPoints(model, tally, now, floor); !enough(points); ) {
    const options = rules
      .map((rule) => {
        const next = counted(tally, rule, now.getTime());
        return { rule, next, points: engagementPoints(model, next, now, floor) };
      })
      .sort((one, other) => other.points - one.points);
    // The last one may be the slightest that suffices.
    const option = options.findLast((each) => enough(each.points)) ?? options[0];
    if (option === undefined || option.points <= points || added.length === MOST_TOUCHES) {
      return undefined;
    }
    added.push(option.rule);
    ({ next: tally, points } = option);
  }
  return [...new Set(added)].map((rule) => ({
    rule,
    count: added.filter((each) => each === rule).length,
  }));
}

/** Rules that no rule before them takes every touch from. */
const earnable = ({ engagement }: ScoringModel): EngagementRule[] =>
  engagement.filter(
    (rule, index) =>
      rule.points > 0 &&
      !engagement
        .slice(0, index)
        .some(
          ({ touch, urlMatches, nameMatches }) =>
            touch === rule.touch && urlMatches === undefined && nameMatches === undefined,
        ),
  );
