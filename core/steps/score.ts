import * as z from 'zod';
import { decideOnce } from '#core/effects/decide-once.ts';
import { tallyKept, tallyNow } from '#core/engagement/tally-now.ts';
import { HubError } from '#core/errors.ts';
import { startOver } from '#core/nurture/recycle.ts';
import type { Playbook } from '#core/playbook.ts';
import type { Hub } from '#core/ports/hub.ts';
import { holdOn } from '#core/protection/hold.ts';
import { Handoff, handoffId, handoffKey } from '#core/records/handoff.ts';
import { readRecentLead } from '#core/records/lead.ts';
import { Person, personKey } from '#core/records/person.ts';
import { read, readExisting } from '#core/records/store.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import type { Score } from '#core/scoring/score.ts';
import { type LeadFacts, scoreLead } from '#core/scoring/score-lead.ts';
import { type StepRun, visitOf } from './step-run.ts';

const Rated = z.strictObject({
  rating: z.enum(['hot', 'qualified', 'warm', 'nurture', 'disqualified']),
  grade: z.string(),
  lane: z.enum(['hand-raiser', 'hot', 'qualified', 'warm', 'informed-cold-call', 'customer']),
  fit: z.number(),
  engagement: z.number(),
  disqualifiedBy: z.string().nullable(),
});

/**
 * Rates a person by a model of the playbook; the timeline keeps every point with its reason. What a
 * challenger would say is kept beside it, and nothing goes by that.
 */
export function score(
  hub: Hub,
  step: StepRun,
  options: { model: string; challenger?: string | undefined },
): Promise<z.infer<typeof Rated>> {
  const at = visitOf(step);
  return decideOnce(hub, at, Rated, async () => {
    const scored = await heldBack(hub, step.person, await rate(hub, step.person, options.model));
    const challenger = await challenge(hub, step.person, options.challenger);
    const { rating, grade, lane, fit, engagement, disqualifiedBy = null, points } = scored;
    const rated = `rated ${rating} (${grade}), lane ${lane}`;
    const held =
      scored.held === undefined ? '' : `, because nobody may speak to them: ${scored.held}`;
    const title = disqualifiedBy === null ? `${rated}${held}` : `disqualified by ${disqualifiedBy}`;
    return {
      result: { rating, grade, lane, fit, engagement, disqualifiedBy },
      log: {
        title,
        detail: {
          model: options.model,
          rating,
          grade,
          lane,
          fit,
          engagement,
          disqualifiedBy,
          points,
          ...(scored.held === undefined ? {} : { held: scored.held }),
          ...(challenger === undefined ? {} : { challenger }),
        },
      },
      writes: [],
    };
  });
}

/** The other model's rating; none where the playbook has lost it, which must not hold up a lead. */
async function challenge(hub: Hub, personId: string, model: string | undefined) {
  if (model === undefined || hub.playbook.scoring[model] === undefined) return undefined;
  const scored = await heldBack(hub, personId, await rate(hub, personId, model));
  const { rating, grade, lane, fit, engagement, disqualifiedBy } = scored;
  return {
    model,
    rating,
    grade,
    lane,
    fit,
    engagement,
    ...(disqualifiedBy === undefined ? {} : { disqualifiedBy }),
  };
}

/** Whom nobody may speak to now is not ready for sales, however good the score. */
async function heldBack(hub: Hub, personId: string, scored: Score): Promise<Score & Held> {
  if (scored.rating === 'disqualified') return scored;
  const { data: person } = await readExisting(hub.records, Person, personKey(personId));
  const hold = await holdOn(hub, person, scored.lane === 'hand-raiser');
  return hold === undefined
    ? scored
    : { ...scored, rating: 'nurture', lane: 'warm', held: hold.because };
}

interface Held {
  readonly held?: string;
}

/** What a person is worth under a model now: each point, its rule and the touch that earned it. */
export async function rate(
  hub: Pick<Hub, 'records' | 'playbook' | 'now'>,
  personId: string,
  modelId: string,
) {
  const model = modelOf(hub.playbook, modelId);
  const { merged, ...facts } = await factsToRate(hub, personId);
  const tally = await tallyKept(hub, { personId, merged, model, splitAt: facts.floor?.at });
  return scoreLead(model, { ...facts, tally }, hub.now());
}

/** All that a rating by a model goes by, as known now; nothing is written. */
export async function factsUnder(
  hub: Pick<Hub, 'records' | 'playbook'>,
  personId: string,
  model: ScoringModel,
): Promise<LeadFacts> {
  const { merged, ...facts } = await factsToRate(hub, personId);
  const tally = await tallyNow(hub, { personId, merged, model, splitAt: facts.floor?.at });
  return { ...facts, tally };
}

/** What a rating goes by whatever the model. */
async function factsToRate(
  hub: Pick<Hub, 'records' | 'playbook'>,
  personId: string,
): Promise<LeadFacts & Pick<Person, 'merged'>> {
  const { person, ...lead } = await readRecentLead(hub.records, personId);
  const since = startOver(person.recycle, hub.playbook.tracks);
  const answered = since === undefined ? '' : await answeredUntil(hub, person, since.at);
  const handRaiser = person.capture?.handRaiser === true && person.capture.at > answered;
  const { merged } = person;
  return { ...lead, merged, person: person.facts, handRaiser, floor: since };
}

/**
 * Whoever asked to talk before the hand-off that sales gave back was answered by it; who asked
 * again while it was open was not.
 */
async function answeredUntil(
  hub: Pick<Hub, 'records'>,
  { id, cycle }: Person,
  givenBackAt: string,
): Promise<string> {
  const handoff = await read(hub.records, Handoff, handoffKey(handoffId(id, cycle)));
  return handoff?.data.openedAt ?? givenBackAt;
}

/** A scoring model of the playbook; an error of configuration where there is none of that name. */
export function modelOf({ scoring }: Pick<Playbook, 'scoring'>, modelId: string): ScoringModel {
  const model = scoring[modelId];
  if (model !== undefined) return model;
  throw new HubError('config', 'model_unknown', `The playbook has no scoring model '${modelId}'.`);
}
