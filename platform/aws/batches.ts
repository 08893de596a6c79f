/** Cuts a list, in order, into batches of at most `most` members and `mostBytes` bytes together. */
export function batchesOf<T>(
  members: readonly T[],
  bytesOf: (member: T) => number,
  limits: { readonly most: number; readonly mostBytes: number },
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let bytes = 0;
  for (const member of members) {
    const size = bytesOf(member);
    const full = batch.length === limits.most || bytes + size > limits.mostBytes;
    if (full && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(member);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Waits before the entries of a batch that were not taken are sent again: twice, then it is up to the caller. */
export const PAUSES_MS: readonly number[] = [100, 400];
