import { tallyNow } from '#core/engagement/tally-now.ts';
import { colleaguesOf } from '#core/nurture/colleagues.ts';
import type { Records } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';
import type { ScoringModel } from '#core/scoring/model.ts';
import { worthByDay } from '#core/scoring/tally.ts';

/** How engaged the people of an account are together, before caps. */
export interface AccountEngagement {
  /** The lead, and those of the account whom sales or marketing have had. */
  readonly people: number;
  readonly points: number;
}

/** The sum over a lead's account, from what each one's touches come to; undefined without one. */
export async function accountEngagement(
  records: Records,
  model: ScoringModel,
  person: Person,
  now: Date,
): Promise<AccountEngagement | undefined> {
  if (person.accountId === undefined) return undefined;
  const people = [person, ...(await colleaguesOf(records, person))];
  const tallies = await Promise.all(
    people.map(({ id, merged }) => tallyNow({ records }, { personId: id, merged, model })),
  );
  const points = tallies
    .flatMap((tally) => worthByDay(model, tally, now))
    .reduce((sum, day) => sum + day.points, 0);
  return { people: people.length, points: Math.round(points * 1000) / 1000 };
}
