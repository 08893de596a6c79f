import { findSalesperson, type People, type Salesperson } from '#core/people.ts';
import type { RoutingPolicy } from './policy.ts';
import type { RotationState } from './rotation.ts';
import type { Load } from './share.ts';

export interface RoutingDeps {
  readonly people: People;
  readonly isAvailable: (email: string) => { available: boolean; why?: string };
  /** Who had the lead before, in the words of the hand-off. */
  readonly exclude: readonly string[];
  /** Who gave this lead back before. */
  readonly gaveBack?: readonly {
    readonly who: string;
    readonly at: string;
    readonly reason: string;
  }[];
  readonly rotation: Readonly<Record<string, RotationState>>;
  /** By e-mail address; who is left out has nothing. */
  readonly loads?: Readonly<Record<string, Load>>;
  readonly now: Date;
}

/** Who gets a lead and why, with everybody who was considered or passed over. */
export interface Routing {
  readonly owner?: string;
  readonly queue?: string;
  readonly rule: string;
  readonly because: string;
  readonly pool?: string;
  /** Who could have had it under the rule that decided. */
  readonly candidates: string[];
  readonly runnerUp?: string;
  readonly skipped: { who: string; why: string }[];
  /** Rules before the one that decided which applied, with nobody free. */
  readonly unplaced: string[];
  /** What was known of the lead, as far as the choice depends on it. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
  /** How the pool chose: what each candidate's weight counted as, and what they had open. */
  readonly turn?: {
    readonly by: string;
    readonly weights: Readonly<Record<string, number>>;
    readonly open?: Readonly<Record<string, number>>;
  };
  /** The turn that was taken, to be stored along with the decision. */
  readonly rotation?: { pool: string; state: RotationState };
}

/** What a tier, or the catch-all, makes of a lead. */
export type Decided = Omit<Routing, 'skipped' | 'unplaced' | 'inputs'>;

/** Who is asked, by whom, and where to note who was passed over. */
export interface Asking extends RoutingDeps {
  readonly policy: RoutingPolicy;
  readonly skip: (who: string, why: string) => void;
}

/** The salesperson, if there is one who did not have the lead before or give it back; else why not. */
export function knownSalesperson(who: string, asking: Asking): Salesperson | undefined {
  const salesperson = findSalesperson(asking.people, { email: who });
  if (salesperson === undefined) {
    asking.skip(who, 'is not among the people of the playbook');
    return undefined;
  }
  const { email } = salesperson;
  const back = asking.gaveBack?.find(({ who }) => who.toLowerCase() === email.toLowerCase());
  if (back !== undefined) {
    asking.skip(email, `gave this lead back on ${back.at.slice(0, 10)} (${back.reason})`);
    return undefined;
  }
  if (asking.exclude.some((excluded) => excluded.toLowerCase() === email.toLowerCase())) {
    asking.skip(email, 'had this lead before');
    return undefined;
  }
  return salesperson;
}

/** Whether somebody is there; else it is noted why not. */
export function isFree({ email }: Salesperson, asking: Asking): boolean {
  const { available, why } = asking.isAvailable(email);
  if (!available) asking.skip(email, why ?? 'is not available');
  return available;
}
