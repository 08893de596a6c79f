import * as z from 'zod';

/** How far each member of a pool is ahead of their share, or behind it; all of them sum to zero. */
export const RotationState = z.record(z.string(), z.number());
export type RotationState = z.infer<typeof RotationState>;

export interface RotationMember {
  readonly email: string;
  readonly weight: number;
}

interface Turn {
  readonly pick: string;
  readonly runnerUp?: string;
  readonly state: RotationState;
}

/**
 * Whose turn it is: smooth weighted round robin. Everybody gains their weight, the one with the
 * most is picked and pays the sum of all weights; equals go by the order of the list.
 *
 * Who is left out of `members` (absent, excluded) neither gains nor pays, so nobody is flooded on
 * their return. With nobody to choose from there is no turn.
 */
export function nextInRotation(
  state: RotationState,
  members: readonly RotationMember[],
): Turn | undefined {
  const gained = members.map(({ email, weight }) => ({
    email,
    credit: (state[email] ?? 0) + weight,
  }));
  // Sorting is stable: the order of the list decides between equals.
  const [best, second] = gained.toSorted((one, other) => other.credit - one.credit);
  if (best === undefined) return undefined;
  const cost = members.reduce((sum, { weight }) => sum + weight, 0);
  const credits = gained.map(({ email, credit }) => [email, credit] as const);
  return {
    pick: best.email,
    ...(second && { runnerUp: second.email }),
    state: { ...state, ...Object.fromEntries(credits), [best.email]: best.credit - cost },
  };
}
