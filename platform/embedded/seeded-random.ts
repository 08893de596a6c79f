import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that are the same for the same seed, and tell nothing of the next ones. */
export function seededRandom(seed: string): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return createHash('sha256').update(`${seed}/${drawn}`).digest().readUInt32BE(0) / 2 ** 32;
  };
}
