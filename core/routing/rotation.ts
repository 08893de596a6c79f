import * as z from 'zod';

const Numbers = z.record(z.string(), z.number());

/**
 * Where a pool's turns stand. In a smooth rotation `standing` says how far each member is behind
 * their share, and all of them sum to zero; by stride it says how far each is ahead of whoever had
 * the last turn. `owed` are the turns that members missed and get back bit by bit.
 */
const Standings = z.strictObject({
  by: z.enum(['smooth', 'stride']),
  standing: Numbers,
  owed: Numbers.optional(),
});

export const RotationState = z.union([
  Standings,
  // What was stored before there was a choice.
  Numbers.transform((standing): z.infer<typeof Standings> => ({ by: 'smooth', standing })),
]);
export type RotationState = z.infer<typeof RotationState>;

export interface RotationMember {
  readonly email: string;
  /** Above zero; need not be whole. */
  readonly weight: number;
}

/** How a pool gives its turns, and what becomes of those that a member misses while away. */
export interface RotationRule {
  readonly by: 'smooth' | 'stride' | 'least-loaded';
  readonly onReturn: 'level' | 'catch-up' | 'credit';
}

export interface Turn {
  readonly pick: string;
  readonly runnerUp?: string;
  readonly state: RotationState;
  /** What each candidate's weight counted as in this turn. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Smaller differences come from rounding: those are equals, and go by the order of the list. */
const EQUAL = 1e-9;

/** A member who is owed turns gets up to so many times their share until they had them. */
const REPAID_AT = 2;

/**
 * Whose turn it is among `members`, while `away` miss theirs. Who is in neither list (not asked, or
 * full) neither gains nor loses. With nobody to choose from there is no turn.
 *
 * - `smooth` (and `least-loaded`, with weights that lean): smooth weighted round robin as in nginx.
 *   Everybody gains their weight, the one with the most is picked and pays the sum of all weights.
 * - `stride`: whoever is least far ahead is picked, and moves on by one over their weight.
 *
 * `level` forgets what was missed: whoever returns, or is new, goes on among the others. `catch-up`
 * gives it back at once, turn after turn. `credit` gives it back by a double share until it is
 * even. In either way of giving back the totals end as if nobody had been away.
 */
export function takeTurn(
  before: RotationState | undefined,
  rule: RotationRule,
  members: readonly RotationMember[],
  away: readonly RotationMember[] = [],
): Turn | undefined {
  const by = rule.by === 'stride' ? 'stride' : 'smooth';
  const standing = before?.by === by ? before.standing : {};
  const owed = rule.onReturn === 'credit' ? (before?.owed ?? {}) : {};
  const asked = members.map(({ email, weight }) => ({
    email,
    weight: (owed[email] ?? 0) > EQUAL ? weight * REPAID_AT : weight,
  }));
  const missing = rule.onReturn === 'catch-up' ? away : [];
  const turn =
    by === 'stride' ? stride(standing, asked, missing) : smooth(standing, asked, missing);
  if (turn === undefined) return undefined;
  const left = rule.onReturn === 'credit' ? stillOwed(owed, members, asked, away) : {};
  return {
    pick: turn.pick,
    ...(turn.runnerUp !== undefined && { runnerUp: turn.runnerUp }),
    state: {
      by,
      standing: turn.standing,
      ...(Object.keys(left).length > 0 && { owed: left }),
    },
    weights: Object.fromEntries(asked.map(({ email, weight }) => [email, weight])),
  };
}

interface Picked {
  readonly pick: string;
  readonly runnerUp: string | undefined;
  readonly standing: Record<string, number>;
}

type Standing = Readonly<Record<string, number>>;

const total = (members: readonly RotationMember[]) =>
  members.reduce((sum, { weight }) => sum + weight, 0);

/** The first of those with the most. */
function foremost<T extends { readonly worth: number }>(all: readonly T[]): T | undefined {
  return all.reduce<T | undefined>(
    (best, one) => (best === undefined || one.worth > best.worth + EQUAL ? one : best),
    undefined,
  );
}

function smooth(
  standing: Standing,
  members: readonly RotationMember[],
  missing: readonly RotationMember[],
): Picked | undefined {
  const gain = ({ email, weight }: RotationMember) => ({
    email,
    worth: (standing[email] ?? 0) + weight,
  });
  const gained = members.map(gain);
  const best = foremost(gained);
  if (best === undefined) return undefined;
  const credits = [...gained, ...missing.map(gain)].map(({ email, worth }) => [email, worth]);
  return {
    pick: best.email,
    runnerUp: foremost(gained.filter((one) => one !== best))?.email,
    standing: {
      ...standing,
      ...Object.fromEntries(credits),
      [best.email]: best.worth - total(members) - total(missing),
    },
  };
}

function stride(
  standing: Standing,
  members: readonly RotationMember[],
  missing: readonly RotationMember[],
): Picked | undefined {
  const ahead = members.map(({ email, weight }) => ({
    email,
    weight,
    worth: 0 - (standing[email] ?? 0),
  }));
  const best = foremost(ahead);
  if (best === undefined) return undefined;
  // All standings are counted from the last turn: so nothing grows, and the left behind are level.
  const passed = Math.max(0, -best.worth);
  const counted = new Set([...members, ...missing].map(({ email }) => email));
  const others = Object.entries(standing).map(([email, at]) => [
    email,
    counted.has(email) ? at - passed : Math.max(0, at - passed),
  ]);
  return {
    pick: best.email,
    runnerUp: foremost(ahead.filter((one) => one !== best))?.email,
    standing: {
      ...Object.fromEntries(
        [...members, ...missing].map(({ email }) => [email, 0 - passed] as const),
      ),
      ...Object.fromEntries(others),
      [best.email]: 1 / best.weight - best.worth - passed,
    },
  };
}

/** What is owed after a turn: more to who missed it, less to who was asked with a greater share. */
function stillOwed(
  owed: Standing,
  members: readonly RotationMember[],
  asked: readonly RotationMember[],
  away: readonly RotationMember[],
): Record<string, number> {
  const whole = total(members) + total(away);
  const [plain, raised] = [total(members), total(asked)];
  const left = { ...owed };
  for (const { email, weight } of away) left[email] = (left[email] ?? 0) + weight / whole;
  for (const [index, { email, weight }] of members.entries()) {
    if ((left[email] ?? 0) <= EQUAL) continue;
    const extra = (asked[index]?.weight ?? weight) / raised - weight / plain;
    left[email] = Math.max(0, (left[email] ?? 0) - extra);
  }
  return Object.fromEntries(Object.entries(left).filter(([, turns]) => turns > EQUAL));
}
