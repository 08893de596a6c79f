const last = new Map<string, Promise<unknown>>();

/**
 * Runs works that share a key one after the other, in order of arrival, whether or not they
 * succeed. Holds within this process. Across processes two first upserts of one address can meet
 * only where two workflows write the same person at the same moment: runs are one per person and
 * workflow, and what comes in is taken in order per person. What slips through is seen after the
 * write and mended (`mend-twins.ts`).
 */
export async function oneAtATime<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
  const before = Promise.allSettled(keys.map((key) => last.get(key)));
  const mine = before.then(work);
  for (const key of keys) last.set(key, mine);
  try {
    return await mine;
  } finally {
    for (const key of keys) if (last.get(key) === mine) last.delete(key);
  }
}
