import type { Effort } from '../benchmark.ts';

/** How often a figure is sampled. */
export const roundsOf = (effort: Effort): number => (effort === 'quick' ? 1 : 3);

/** Samples several things in turns, so that a noisy minute hits all of them. */
export async function inTurns<Names extends string, Sample>(
  effort: Effort,
  takes: Readonly<Record<Names, () => Promise<Sample>>>,
): Promise<Record<Names, Sample[]>> {
  const names = Object.keys(takes) as Names[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Names,
    Sample[]
  >;
  for (let round = 0; round < roundsOf(effort); round += 1) {
    for (const name of names) taken[name].push(await takes[name]());
  }
  return taken;
}
