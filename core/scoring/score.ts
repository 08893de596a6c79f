import * as z from 'zod';
import { Grade, Lane, Rating } from './model.ts';

/** One reason for the score; the points of an axis add up to what the axis is worth. */
export const ScorePoint = z.strictObject({
  axis: z.enum(['fit', 'engagement']),
  rule: z.string(),
  points: z.number(),
  because: z.string(),
  touchId: z.string().optional(),
  at: z.string().optional(),
});
export type ScorePoint = z.infer<typeof ScorePoint>;

/** How well a person fits and how engaged they are, kept apart, with every reason. */
export const Score = z.strictObject({
  /** Percent of what the model can give. */
  fit: z.number().min(0).max(100),
  /** Percent of the weight of the fit rules about which anything is known. */
  fitKnown: z.number().min(0).max(100),
  engagement: z.number().min(0).max(100),
  grade: Grade,
  rating: Rating,
  /** The lane a hand-off would run in; whether there is one, the workflow decides. */
  lane: Lane,
  /** The id of the exclusion that stands above everything else, and what it says. */
  disqualifiedBy: z.string().optional(),
  disqualifiedBecause: z.string().optional(),
  points: z.array(ScorePoint),
});
export type Score = z.infer<typeof Score>;
