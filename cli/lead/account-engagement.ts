import { colleaguesOf } from '#core/nurture/colleagues.ts';
import type { Records } from '#core/ports/records.ts';
import type { Person } from '#core/records/person.ts';
import { readAll } from '#core/records/store.ts';
import { TOUCH_PREFIX, Touch, touchesOfPerson } from '#core/records/touch.ts';
import { ledgerOf, pointsAt, together } from '#core/scoring/decayed.ts';
import type { ScoringModel } from '#core/scoring/model.ts';

/** How engaged the people of an account are together, before caps and diminishing returns. */
export interface AccountEngagement {
  /** The lead, and those of the account whom sales or marketing have had. */
  readonly people: number;
  readonly points: number;
}

/** The sum over a lead's account; undefined for somebody without one. */
export async function accountEngagement(
  records: Records,
  model: ScoringModel,
  person: Person,
  now: Date,
): Promise<AccountEngagement | undefined> {
  if (person.accountId === undefined) return undefined;
  const people = [person, ...(await colleaguesOf(records, person))];
  const touches = await Promise.all(
    people.map(({ id }) =>
      readAll(records, Touch, { pk: touchesOfPerson(id), prefix: TOUCH_PREFIX }),
    ),
  );
  const ledger = together(touches.flat().map((touch) => ledgerOf(model, touch, now)));
  const points = [...pointsAt(ledger, now).values()].reduce((sum, each) => sum + each, 0);
  return { people: people.length, points: Math.round(points * 1000) / 1000 };
}
