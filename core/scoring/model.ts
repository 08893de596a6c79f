import * as z from 'zod';
import { TouchKind } from '#core/events.ts';
import { Condition, isPattern } from './condition.ts';

export const Rating = z.enum(['hot', 'qualified', 'warm', 'nurture', 'disqualified']);
export type Rating = z.infer<typeof Rating>;

export const Lane = z.enum([
  'hand-raiser',
  'hot',
  'qualified',
  'warm',
  'informed-cold-call',
  'customer',
]);
export type Lane = z.infer<typeof Lane>;

const FIT_BANDS = ['A', 'B', 'C', 'D'] as const;
const ENGAGEMENT_BANDS = ['1', '2', '3', '4'] as const;

/** Fit by letter, engagement by number: A1 is the best, D4 the poorest. */
export const Grade = z.templateLiteral([z.enum(FIT_BANDS), z.enum(ENGAGEMENT_BANDS)]);
export type Grade = z.infer<typeof Grade>;
export type FitBand = (typeof FIT_BANDS)[number];
export type EngagementBand = (typeof ENGAGEMENT_BANDS)[number];

const GRADES = FIT_BANDS.flatMap((fit) =>
  ENGAGEMENT_BANDS.map((engagement): Grade => `${fit}${engagement}`),
);

const Id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case words joined by hyphens');
const Because = z.string().min(1).max(120);
const Percent = z.number().min(0).max(100);

const FitRule = z.strictObject({
  id: Id,
  /** Of the rules in a group only the best one counts, such as the sizes of a company. */
  group: Id.optional(),
  when: Condition,
  points: z.number().positive(),
  /** What sales reads: a reason, never a number. */
  because: Because,
});
export type FitRule = z.infer<typeof FitRule>;

const Pattern = z.string().refine(isPattern, 'must be a regular expression');

/** A touch earns the points of the first rule in the list that it matches. */
const EngagementRule = z.strictObject({
  id: Id,
  touch: TouchKind,
  urlMatches: Pattern.optional(),
  nameMatches: Pattern.optional(),
  /** Zero for what is recognised and means nothing, such as a look at the careers page. */
  points: z.number().nonnegative(),
  /** After so many days the touch is worth half. */
  halfLifeDays: z.number().positive(),
  category: Id,
  because: Because.optional(),
});
export type EngagementRule = z.infer<typeof EngagementRule>;

const Exclusion = z.strictObject({ id: Id, when: Condition, because: Because });

/** The percentages from which on a band starts; what is below the last is D, or 4. */
const Bands = z.strictObject({
  fit: z.strictObject({ A: Percent, B: Percent, C: Percent }),
  engagement: z.strictObject({ '1': Percent, '2': Percent, '3': Percent }),
});

const falls = (bands: readonly number[]) =>
  bands.every((from, index) => index === 0 || from < (bands[index - 1] ?? 100));

/** The signed definition of sales-ready, in numbers. */
export const ScoringModel = z
  .strictObject({
    $schema: z.string().optional(),
    fit: z.array(FitRule).min(1),
    engagement: z.array(EngagementRule).min(1),
    /** The most points that all touches of a category together can give. */
    caps: z.record(Id, z.number().positive()),
    /** The points that make an engagement of 100 %; without it, the sum of the caps. */
    fullEngagement: z.number().positive().optional(),
    /** The k-th touch of a rule within a day (UTC) counts 1/k. */
    dailyDiminishing: z.boolean().default(true),
    /**
     * A mail that is opened or clicked in within so many seconds of a delivery was read by a scanner
     * of the receiver, and earns nothing; without it, every click counts.
     */
    scannersWithinSeconds: z.number().positive().max(60).optional(),
    disqualify: z.array(Exclusion).default([]),
    bands: Bands,
    grid: z.record(z.enum(GRADES), Rating),
    /** Whoever asks for a talk is as engaged as can be; fit and exclusions stay as they are. */
    handRaiser: z.literal('engagement-1'),
    /**
     * What becomes of somebody who asks for a talk but has the poorest fit. Knowing little is not
     * the same as knowing that it does not fit, so the middle way looks at how much is known.
     */
    handRaiserWithPoorFit: z
      .enum(['nurture', 'hand-off-if-unknown', 'hand-off'])
      .default('nurture'),
  })
  .superRefine((model, context) => {
    const complain = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    for (const [index, rule] of model.engagement.entries()) {
      if (model.caps[rule.category] === undefined) {
        complain(
          ['engagement', index, 'category'],
          `"${rule.category}" has no cap; add it to caps`,
        );
      }
    }
    const { fit, engagement } = model.bands;
    if (!falls([fit.A, fit.B, fit.C])) complain(['bands', 'fit'], 'must fall from A to C');
    if (!falls([engagement[1], engagement[2], engagement[3]])) {
      complain(['bands', 'engagement'], 'must fall from 1 to 3');
    }
    for (const list of ['fit', 'engagement', 'disqualify'] as const) {
      const ids = model[list].map(({ id }) => id);
      for (const [index, id] of ids.entries()) {
        if (ids.indexOf(id) < index) complain([list, index, 'id'], `"${id}" is used twice`);
      }
    }
  });
export type ScoringModel = z.infer<typeof ScoringModel>;
