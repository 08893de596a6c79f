import type { Handoff } from '#core/records/handoff.ts';
import type { Person, Standing } from '#core/records/person.ts';
import type { RunLock } from '#core/runs/start-run.ts';

/** One of two who are to be one, and what is under way for them. */
export interface Side {
  readonly person: Person;
  /** The hand-off that is open, if one is. */
  readonly handoff: Handoff | undefined;
  /** The workflows that run for them. */
  readonly running: readonly RunLock[];
  /** Whether whoever merged them meant this one to stay. */
  readonly meant: boolean;
}

/** How far somebody has come: what was done for the one who came further is not done again. */
const COME: readonly Standing[] = [
  'with-sales',
  'won',
  'rating',
  'nurture',
  'lost',
  'declined',
  'contact',
];

/** After every instant. */
const LAST = '~';

/**
 * Who of two stands for both. Buttons, links, runs and clocks carry the id of whoever has an open
 * hand-off, so that one stays; of two the one that was accepted first, else that was made first.
 * Then whoever a workflow runs for, who has come further, whom marketing got back last, whom the
 * vendor kept, and who was seen first. The order of the two never matters.
 */
export function chooseSurvivor(one: Side, other: Side): readonly [survivor: Side, absorbed: Side] {
  const [ours, theirs] = [claimOf(one), claimOf(other)];
  const index = ours.findIndex((claim, at) => claim !== theirs[at]);
  return (ours[index] ?? '') < (theirs[index] ?? '') ? [one, other] : [other, one];
}

/** Texts of which the smaller one wins. */
function claimOf({ person, handoff, running, meant }: Side): string[] {
  const { standing, recycle, firstSeenAt, id } = person;
  const { accepted, worked, opportunity } = handoff?.signals ?? {};
  const taken = [accepted?.at, worked?.at, opportunity?.at].flatMap((at) => at ?? []).sort();
  return [
    taken[0] ?? LAST,
    handoff?.openedAt ?? LAST,
    running.length > 0 ? '0' : '1',
    String(COME.indexOf(standing)),
    recycle === undefined ? LAST : backwards(recycle.at),
    meant ? '0' : '1',
    firstSeenAt,
    id,
  ];
}

const backwards = (at: string) => String(Number.MAX_SAFE_INTEGER - Date.parse(at));
