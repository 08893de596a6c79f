import type { PersonFacts } from '#core/events.ts';
import type { AccountFacts } from './account-facts.ts';
import { type ConditionFacts, holds } from './condition.ts';
import { type Deeds, scoreEngagement } from './engagement.ts';
import { scoreFit } from './fit.ts';
import type { EngagementBand, FitBand, Lane, Rating, ScoringModel } from './model.ts';
import type { Score } from './score.ts';

export type { Score } from './score.ts';

export interface LeadFacts extends Deeds {
  readonly person: PersonFacts;
  readonly account?: AccountFacts | undefined;
  readonly handRaiser: boolean;
}

/** Below this share of known fit rules a poor fit is an unknown one. */
const KNOWN_ENOUGH = 50;

/**
 * Scores a lead: how well it fits, how engaged it is, and what follows from both.
 *
 * The exclusion list stands above everything; asking for a talk lifts engagement and nothing else.
 */
export function scoreLead(model: ScoringModel, facts: LeadFacts, now: Date): Score {
  const fit = scoreFit(model, facts);
  const engagement = scoreEngagement(model, facts, now);
  const fitBand = fitBandOf(model, fit.percent);
  const grade =
    `${fitBand}${facts.handRaiser ? '1' : engagementBandOf(model, engagement.percent)}` as const;
  const excluded = exclusionOf(model, facts);
  const rating = excluded === undefined ? model.grid[grade] : 'disqualified';
  const poorFit = fitBand === 'D' && !mayTalkThough(model, fit.known);
  return {
    fit: fit.percent,
    fitKnown: fit.known,
    engagement: engagement.percent,
    grade,
    rating,
    lane: laneOf(facts, rating, poorFit || excluded !== undefined),
    ...(excluded && { disqualifiedBy: excluded.id, disqualifiedBecause: excluded.because }),
    points: [...fit.points, ...engagement.points],
  };
}

/** The first rule that stands above the score; none for nearly everybody. */
export function exclusionOf(model: ScoringModel, facts: ConditionFacts) {
  return model.disqualify.find(({ when }) => holds(when, facts));
}

function mayTalkThough(model: ScoringModel, known: number): boolean {
  switch (model.handRaiserWithPoorFit) {
    case 'hand-off':
      return true;
    case 'hand-off-if-unknown':
      return known < KNOWN_ENOUGH;
    case 'nurture':
      return false;
    default:
      return model.handRaiserWithPoorFit satisfies never;
  }
}

function laneOf(facts: LeadFacts, rating: Rating, refused: boolean): Lane {
  if (facts.person.customer ?? facts.account?.customer ?? false) return 'customer';
  if (facts.handRaiser && !refused) return 'hand-raiser';
  return rating === 'hot' || rating === 'qualified' ? rating : 'warm';
}

function fitBandOf({ bands: { fit } }: ScoringModel, percent: number): FitBand {
  if (percent >= fit.A) return 'A';
  if (percent >= fit.B) return 'B';
  return percent >= fit.C ? 'C' : 'D';
}

function engagementBandOf({ bands }: ScoringModel, percent: number): EngagementBand {
  if (percent >= bands.engagement['1']) return '1';
  if (percent >= bands.engagement['2']) return '2';
  return percent >= bands.engagement['3'] ? '3' : '4';
}
