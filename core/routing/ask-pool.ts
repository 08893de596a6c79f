import { findSalesperson, type Salesperson } from '#core/people.ts';
import { type Asking, type Decided, isFree, knownSalesperson } from './asking.ts';
import type { Pool, Requires } from './policy.ts';
import { type RotationMember, takeTurn } from './rotation.ts';
import { fullBecause, type Load, leaningWeights, NO_LOAD, rampedShare } from './share.ts';

/** What a tier wants of the members of its pool. */
export interface Wanted {
  readonly territory?: string | undefined;
  readonly requires?: Requires | undefined;
}

/** The member of a pool whose turn it is, among those who serve, can do what it takes, and are free. */
export function askPool(
  rule: { rule: string; because: string; pool: string },
  wanted: Wanted,
  asking: Asking,
): Decided | undefined {
  const pool = asking.policy.pools[rule.pool];
  if (pool === undefined) return undefined;
  const { free, away } = sorted(pool, wanted, asking);
  const leans = pool.by === 'least-loaded';
  const members = leans ? leaningWeights(free) : free;
  const turn = takeTurn(asking.rotation[rule.pool], pool, members, away);
  if (turn === undefined) return undefined;
  const open = Object.fromEntries(free.map((one) => [one.email, one.open]));
  return {
    ...rule,
    owner: turn.pick,
    candidates: members.map(({ email }) => email),
    ...(turn.runnerUp !== undefined && { runnerUp: turn.runnerUp }),
    turn: { by: pool.by, weights: rounded(turn.weights), ...(leans && { open }) },
    rotation: { pool: rule.pool, state: turn.state },
  };
}

const rounded = (weights: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(weights).map(([email, weight]) => [email, Math.round(weight * 1000) / 1000]),
  );

interface Candidate extends RotationMember {
  readonly open: number;
}

function sorted(pool: Pool, wanted: Wanted, asking: Asking) {
  const free: Candidate[] = [];
  const away: RotationMember[] = [];
  for (const { email, weight } of pool.members) {
    const known = findSalesperson(asking.people, { email });
    if (known !== undefined && unfit(known, wanted) === 'elsewhere') continue;
    const salesperson = knownSalesperson(email, asking);
    if (salesperson === undefined || cannot(salesperson, wanted, asking)) continue;
    const load = loadOf(salesperson, asking);
    const member = {
      email: salesperson.email,
      weight:
        (weight ?? salesperson.weight) * rampedShare(salesperson.startedOn, pool.ramp, asking.now),
      open: load.open,
    };
    if (!isFree(salesperson, asking)) away.push(member);
    else if (!isFull(salesperson, pool, load, asking)) free.push(member);
  }
  return { free, away };
}

const loadOf = ({ email }: Salesperson, { loads }: Asking): Load => loads?.[email] ?? NO_LOAD;

/** Whoever names no territories serves all of them. Somebody elsewhere is no candidate at all. */
export function unfit(salesperson: Salesperson, wanted: Wanted): string | undefined {
  const { territories, skills = [], languages = [] } = salesperson;
  const { territory, requires } = wanted;
  if (territory !== undefined && territories?.includes(territory) === false) return 'elsewhere';
  const lacking = requires?.skills?.filter((skill) => !skills.includes(skill)) ?? [];
  if (lacking.length > 0) return `lacks ${lacking.join(', ')}`;
  const spoken = requires?.languages;
  if (spoken === undefined || spoken.some((one) => languages.includes(one))) return undefined;
  return `speaks no ${spoken.join(' or ')}`;
}

/** Whether a member cannot have such a lead, whoever is away or full. */
function cannot(salesperson: Salesperson, wanted: Wanted, asking: Asking): boolean {
  const { email, startedOn } = salesperson;
  const why = unfit(salesperson, wanted);
  if (why !== undefined) asking.skip(email, why);
  const early = startedOn !== undefined && asking.now.getTime() < Date.parse(startedOn);
  if (early) asking.skip(email, `starts on ${startedOn}`);
  return why !== undefined || early;
}

function isFull(salesperson: Salesperson, pool: Pool, load: Load, asking: Asking): boolean {
  const why = fullBecause(salesperson.caps ?? pool.caps ?? {}, load);
  if (why !== undefined) asking.skip(salesperson.email, why);
  return why !== undefined;
}
