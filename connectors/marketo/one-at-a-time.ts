const last = new Map<string, Promise<unknown>>();

/**
 * Runs works of one key one after the other, in order of arrival, whether or not they succeed.
 * Holds within this process; across processes the inbox's order per person does the same.
 */
export async function oneAtATime<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = last.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  last.set(key, mine);
  try {
    return await mine;
  } finally {
    if (last.get(key) === mine) last.delete(key);
  }
}
