import type { Playbook } from '#core/playbook.ts';
import type { EndsAt } from './faulty-hub.ts';
import { playLittleWorld } from './little-world.ts';
import { differencesOf, type Outcome } from './outcome.ts';

/** Points at which the process ends, one after the other: what to type to see it again. */
export type Faults = { readonly at: readonly number[] } | { readonly every: number; from: number };

export const describeFaults = (faults: Faults): string =>
  'at' in faults
    ? `--points ${faults.at.join(',')}`
    : `--every ${faults.every} --from ${faults.from}`;

/** Reads what `describeFaults` wrote after `--points`. */
export const faultsAt = (text: string): Faults => ({ at: text.split(',').map(Number) });

function endsAt(faults: Faults, log: string[]): EndsAt {
  return (point, number) => {
    const ends =
      'at' in faults
        ? faults.at.includes(number)
        : number >= faults.from && (number - faults.from) % faults.every === 0;
    if (ends) log.push(`${number} (${point})`);
    return ends;
  };
}

export interface Undisturbed {
  readonly outcome: Outcome;
  readonly points: number;
}

/** What happened to a world in which the process ended; `differences` is empty when nobody can tell. */
export interface Disturbed {
  readonly ends: readonly string[];
  readonly differences: readonly string[];
}

/** Plays the world once more with these faults and compares. */
export async function disturb(
  playbook: Playbook,
  undisturbed: Undisturbed,
  faults: Faults,
): Promise<Disturbed> {
  const ends: string[] = [];
  const { outcome } = await playLittleWorld(playbook, endsAt(faults, ends));
  return { ends, differences: differencesOf(undisturbed.outcome, outcome) };
}
