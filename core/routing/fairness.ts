/**
 * Jain's index of fairness, `(Σx)² / (n·Σx²)`, of what each received for their weight: 1 when it is
 * the same for everybody, 1/n when one got all. Of nothing at all it is 1: nobody got less.
 */
export function jainIndex(
  received: readonly { readonly amount: number; readonly weight: number }[],
): number {
  const shares = received.map(({ amount, weight }) => amount / weight);
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}
