/**
 * How many of the items a second go through: whole rounds over all of them, for at least so long.
 * What each answers is added up, so that nothing of it can be left out.
 */
export function ratePerSecond<T>(
  items: readonly T[],
  seconds: number,
  of: (item: T) => number,
): number {
  for (const item of items) of(item);
  let done = 0;
  let sum = 0;
  const startedAt = performance.now();
  let taken = 0;
  while (taken < seconds * 1000) {
    for (const item of items) sum += of(item);
    done += items.length;
    taken = performance.now() - startedAt;
  }
  if (Number.isNaN(sum)) throw new Error('What was measured answers no number.');
  return (done * 1000) / taken;
}

/** Both must find the same, or the bound bounds something else. */
export function mustAgree<T>(
  items: readonly T[],
  one: (item: T) => unknown,
  other: (item: T) => unknown,
) {
  for (const item of items) {
    const [left, right] = [one(item), other(item)];
    if (left === right) continue;
    throw new Error(
      `${JSON.stringify(item)}: ${String(left)} here, ${String(right)} by the bound.`,
    );
  }
}
