import * as z from 'zod';
import { HubError } from '#core/errors.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Records } from '#core/ports/records.ts';
import { type Hold, holdOn } from '#core/protection/hold.ts';
import { type Lease, leaseOf } from '#core/protection/lease.ts';
import type { LogEntry } from '#core/records/log-entry.ts';
import type { Person } from '#core/records/person.ts';
import { type LeftOut, leftOut } from '#core/scoring/earning.ts';
import { type Nearest, nearest } from '#core/scoring/nearest.ts';
import type { Score, ScorePoint } from '#core/scoring/score.ts';
import { scoreLead } from '#core/scoring/score-lead.ts';
import type { ScoredTouch } from '#core/scoring/scored-touch.ts';
import { factsUnder, modelOf } from '#core/steps/score.ts';
import { type AccountEngagement, accountEngagement } from './account-engagement.ts';
import { Matched } from './explain-match.ts';
import { mergesTold } from './render-merges.ts';
import { readTimeline } from './timeline.ts';

const Rating = z.object({
  model: z.string(),
  rating: z.string(),
  grade: z.string(),
  lane: z.string(),
});

/** A rating that was decided, as the timeline keeps it, with that of a model which only looks on. */
const Rated = Rating.extend({ playbook: z.string(), challenger: Rating.optional() });

/** What the agreement in force said of a lead, as the timeline keeps it. */
const Judged = z.object({
  agreement: z.string(),
  passed: z.array(z.string()),
  failed: z.array(z.object({ clause: z.string(), text: z.string() })),
});

/** A choice of owner that was decided, as the timeline keeps it. */
const Routed = z.object({
  policy: z.string(),
  rule: z.string(),
  because: z.string(),
  owner: z.string().optional(),
  queue: z.string().optional(),
  pool: z.string().optional(),
  candidates: z.array(z.string()),
  runnerUp: z.string().optional(),
  skipped: z.array(z.object({ who: z.string(), why: z.string() })),
  /** Since decisions keep them: what the choice went by, and rules that had nobody. */
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  unplaced: z.array(z.string()).optional(),
  turn: z
    .object({
      by: z.string(),
      weights: z.record(z.string(), z.number()),
      open: z.record(z.string(), z.number()).optional(),
    })
    .optional(),
  playbook: z.string(),
});

/** A point of the score with the touch that earned it. */
export interface ExplainedPoint extends ScorePoint {
  readonly touch?: ScoredTouch | undefined;
}

/** A touch that earns nothing, and why. */
export interface Discounted extends LeftOut {
  readonly touch?: ScoredTouch | undefined;
}

export interface Explanation {
  readonly person: Person;
  readonly model: string;
  /** As of now, under the playbook at hand. */
  readonly today: Score;
  readonly points: readonly ExplainedPoint[];
  /** What was not done by a person, of the newest touches. */
  readonly leftOut: readonly Discounted[];
  /** What the people of their account did, all together. */
  readonly account?: AccountEngagement | undefined;
  /** The least that would make it an A1. */
  readonly toA1: Nearest;
  /** When the lead was last rated, and what came of it. */
  readonly rated?: (z.infer<typeof Rated> & { at: string }) | undefined;
  /** As of now, under the model that only looks on. */
  readonly challenger?: Score | undefined;
  /** When the lead was last held against the agreement, and what came of it. */
  readonly judged?: (z.infer<typeof Judged> & { at: string }) | undefined;
  /** Which account the lead was last matched with, and why. */
  readonly matched?: (z.infer<typeof Matched> & { at: string }) | undefined;
  /** Why the owner is the owner; absent for somebody who was never routed. */
  readonly routed?: (z.infer<typeof Routed> & { at: string }) | undefined;
  /** Who may speak to them now. */
  readonly lease: Lease;
  /** Why even they may not, and until when. */
  readonly hold?: Hold | undefined;
  /** Merges with others, and that they were undone. */
  readonly merges: readonly string[];
  /** The version of the playbook at hand. */
  readonly playbook: string;
}

/** Why a lead is rated as it is, and why its owner owns it. */
export async function explainLead(
  records: Records,
  playbook: Playbook,
  person: Person,
  now: Date,
): Promise<Explanation> {
  const timeline = await readTimeline(records, person);
  const rated = lastDecision(timeline, Rated);
  const model = rated?.model ?? onlyModel(playbook);
  const champion = modelOf(playbook, model);
  const facts = await factsUnder({ records, playbook }, person.id, champion);
  const today = scoreLead(champion, facts, now);
  const touchOf = (wanted: string | undefined) => facts.touches.find(({ id }) => id === wanted);
  const points = today.points.map((point) => ({ ...point, touch: touchOf(point.touchId) }));
  const rival = playbook.scoring[rated?.challenger?.model ?? ''];
  const challenger =
    rival && scoreLead(rival, await factsUnder({ records, playbook }, person.id, rival), now);
  const judged = lastDecision(timeline, Judged);
  const routed = lastDecision(timeline, Routed);
  const lease = leaseOf(person, playbook.protection, now);
  const hold = await holdOn({ records, playbook, now: () => now }, person);
  const decided = { rated, challenger, judged, routed, matched: lastDecision(timeline, Matched) };
  return {
    person,
    model,
    today,
    points,
    leftOut: leftOut(champion, facts.touches).map((one) => ({
      ...one,
      touch: touchOf(one.touchId),
    })),
    account: await accountEngagement(records, champion, person, now),
    toA1: nearest(champion, facts, now),
    ...decided,
    lease,
    hold,
    merges: mergesTold(timeline),
    playbook: playbook.version,
  };
}

function lastDecision<T extends object>(
  timeline: readonly LogEntry[],
  schema: z.ZodType<T>,
): (T & { at: string }) | undefined {
  for (const { kind, at, detail } of timeline.toReversed()) {
    const decision = kind === 'decision' ? schema.safeParse(detail) : undefined;
    if (decision?.success === true) return { ...decision.data, at };
  }
  return undefined;
}

/** Somebody who was never rated can be explained only where there is no choice of models. */
function onlyModel({ scoring }: Playbook): string {
  const [first, ...others] = Object.keys(scoring);
  if (first !== undefined && (others.length === 0 || 'default' in scoring)) {
    return others.length === 0 ? first : 'default';
  }
  throw new HubError(
    'data',
    'never_rated',
    'Nobody has rated this lead yet, and the playbook has several models: it will be explained once it is rated.',
  );
}
