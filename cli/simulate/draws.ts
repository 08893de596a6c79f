import { seededRandom } from '#platform/embedded/seeded-random.ts';

/**
 * Chance that belongs to somebody: the same number from 0 to 1 for the same seed and the same words,
 * whatever else was drawn before. So two playbooks meet the same people.
 */
export type Draws = (...words: readonly (string | number)[]) => number;

export const openDraws =
  (seed: string): Draws =>
  (...words) =>
    seededRandom([seed, ...words].join('\n'))();

/** One of several, by a number from 0 to 1. */
export const pickBy = <T>(from: readonly [T, ...T[]], drawn: number): T =>
  from[Math.floor(drawn * from.length)] ?? from[0];

/** Between two bounds, by a number from 0 to 1. */
export const between = (drawn: number, [from, to]: readonly [number, number]): number =>
  from + drawn * (to - from);
