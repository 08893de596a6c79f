import * as z from 'zod';
import type { Instant } from '#core/events.ts';
import { Lane, Rating } from './model.ts';

const Said = z.object({ model: z.string(), rating: Rating, grade: z.string(), lane: Lane });
type Said = z.infer<typeof Said>;

/** A rating as the timeline keeps it where another model looked on. */
export const WatchedRating = Said.extend({ challenger: Said, run: z.string() });
export type WatchedRating = z.infer<typeof WatchedRating>;

/** What became of a lead that was handed to sales. */
export const Outcome = z.strictObject({
  /** Sales took it, worked it or made a deal of it. */
  accepted: z.boolean(),
  /** Set where it came back, by whose word or because nobody acted. */
  reason: z.string().optional(),
  closed: z.enum(['won', 'lost']).optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Both models on one lead, and what became of it; without an outcome sales never had it. */
export interface Compared {
  readonly person: string;
  readonly at: z.infer<typeof Instant>;
  readonly rated: WatchedRating;
  readonly outcome?: Outcome | undefined;
}

/** How right a model was about the leads that it would have handed over. */
export interface Precision {
  readonly model: string;
  readonly handsOver: number;
  /** Of those, the ones that sales had: of the others nobody knows. */
  readonly had: number;
  readonly accepted: number;
  /** Came back to marketing, also after sales took it. */
  readonly rejected: number;
  readonly won: number;
  readonly lost: number;
  /** Accepted, of those that were answered one way or the other; absent where none was. */
  readonly precision?: number | undefined;
  /** Why leads came back, the most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly leads: number }[];
}

export interface Comparison {
  readonly leads: number;
  /** The same rating and the same lane. */
  readonly alike: number;
  /** How often the one said the first lane while the other said the second. */
  readonly lanes: readonly { champion: Lane; challenger: Lane; leads: number }[];
  readonly champion: Precision;
  readonly challenger: Precision;
  /** Leads that one of the two alone would have handed over. */
  readonly onlyChampion: readonly Compared[];
  readonly onlyChallenger: readonly Compared[];
}

/**
 * What a rating asks for: `hot` and `qualified` go to sales, and so does whoever asked to talk and is
 * not refused. Clauses of the agreement and holds may still keep a lead back.
 */
export const handsOver = ({ rating, lane }: Pick<Said, 'rating' | 'lane'>): boolean =>
  rating === 'hot' ||
  rating === 'qualified' ||
  (lane === 'hand-raiser' && rating !== 'disqualified');

/** Lays the two models beside each other, by what was recorded when the leads were rated. */
export function compareModels(
  models: { readonly champion: string; readonly challenger: string },
  all: readonly Compared[],
): Comparison {
  const champion = (one: Compared): Said => one.rated;
  const challenger = (one: Compared): Said => one.rated.challenger;
  const alone = (one: (lead: Compared) => Said, other: (lead: Compared) => Said) =>
    all.filter((lead) => handsOver(one(lead)) && !handsOver(other(lead)));
  return {
    leads: all.length,
    alike: all.filter(({ rated }) => isAlike(rated, rated.challenger)).length,
    lanes: lanesOf(all),
    champion: precisionOf(models.champion, all, champion),
    challenger: precisionOf(models.challenger, all, challenger),
    onlyChampion: alone(champion, challenger),
    onlyChallenger: alone(challenger, champion),
  };
}

const isAlike = (one: Said, other: Said) => one.rating === other.rating && one.lane === other.lane;

function lanesOf(all: readonly Compared[]): Comparison['lanes'] {
  return Lane.options.flatMap((champion) =>
    Lane.options.flatMap((challenger) => {
      const leads = all.filter(
        ({ rated }) => rated.lane === champion && rated.challenger.lane === challenger,
      ).length;
      return leads === 0 ? [] : [{ champion, challenger, leads }];
    }),
  );
}

function precisionOf(
  model: string,
  all: readonly Compared[],
  saidOf: (lead: Compared) => Said,
): Precision {
  const given = all.filter((lead) => handsOver(saidOf(lead)));
  const had = given.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  const count = (holds: (outcome: Outcome) => boolean) => had.filter(holds).length;
  const accepted = count((one) => one.accepted);
  const answered = count((one) => one.accepted || one.reason !== undefined);
  return {
    model,
    handsOver: given.length,
    had: had.length,
    accepted,
    rejected: count(({ reason }) => reason !== undefined),
    won: count(({ closed }) => closed === 'won'),
    lost: count(({ closed }) => closed === 'lost'),
    ...(answered === 0 ? {} : { precision: accepted / answered }),
    reasons: reasonsIn(had),
  };
}

function reasonsIn(outcomes: readonly Outcome[]): Precision['reasons'] {
  const counts = new Map<string, number>();
  for (const { reason } of outcomes)
    if (reason !== undefined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, leads]) => ({ reason, leads }))
    .sort((one, other) => other.leads - one.leads || (one.reason < other.reason ? -1 : 1));
}
