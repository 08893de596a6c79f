import type { Playbook } from '#core/playbook.ts';
import type { EndsAt } from './faulty-hub.ts';
import { playLittleWorld } from './little-world.ts';
import { brokenPromises, differencesOf, type Outcome } from './outcome.ts';

/** Where the process ends, and for how long nobody starts it again. */
export interface Faults {
  /** At these points, or else at every so many-th from one on. */
  readonly at?: readonly number[];
  readonly every?: { readonly nth: number; readonly from: number };
  readonly downMinutes: number;
}

/** What to type to see it again. */
export const describeFaults = ({ at, every, downMinutes }: Faults): string =>
  [
    ...(at === undefined ? [] : [`--points ${at.join(',')}`]),
    ...(every === undefined ? [] : [`--every ${every.nth} --from ${every.from}`]),
    ...(downMinutes === 0 ? [] : [`--down ${downMinutes}`]),
  ].join(' ');

function endsAt({ at = [], every }: Faults, log: string[]): EndsAt {
  return (point, number) => {
    const nth =
      every !== undefined && number >= every.from && (number - every.from) % every.nth === 0;
    const ends = nth || at.includes(number);
    if (ends) log.push(`${number} (${point})`);
    return ends;
  };
}

export interface Undisturbed {
  readonly outcome: Outcome;
  readonly points: number;
  /** What `baton verify` finds. */
  readonly findings: readonly string[];
}

/** What happened to a world in which the process ended; `differences` is empty when nobody can tell. */
export interface Disturbed {
  readonly ends: readonly string[];
  /** Among the differences. */
  readonly findings: readonly string[];
  readonly differences: readonly string[];
}

/**
 * Plays the world once more with these faults. One that lost no time must be the same; one that
 * did goes another way, on which every promise is kept all the same.
 */
export async function disturb(
  playbook: Playbook,
  undisturbed: Undisturbed,
  faults: Faults,
): Promise<Disturbed> {
  const ends: string[] = [];
  const { outcome, findings } = await playLittleWorld({
    playbook,
    endsAt: endsAt(faults, ends),
    downMinutes: faults.downMinutes,
  });
  const differences =
    faults.downMinutes === 0
      ? differencesOf(undisturbed.outcome, outcome)
      : brokenPromises(undisturbed.outcome, outcome);
  return { ends, findings, differences: [...differences, ...findings] };
}
