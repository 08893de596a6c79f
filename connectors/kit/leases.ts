import { resetAfter } from '#core/limits/day.ts';
import type { Permission } from '#core/limits/permits.ts';
import type { Answer, Ask } from '#core/limits/take.ts';
import type { ConnectionStates } from '#core/ports/budget.ts';
import type { Urgency } from '#core/ports/operations.ts';
import type { Limits } from './limits.ts';

/** Calls granted at once, to be made one by one until they are gone or old. */
interface Lease {
  readonly size: number;
  left: number;
  readonly from: number;
  readonly until: number;
  readonly resetsAt: number;
}

/** The longest that a worker goes by what it was told; no shorter window is cut finer than in ten. */
const LONGEST_LIFE_MS = 5_000;
const WINDOW_PARTS = 10;
const MOST_CALLS = 64;

/**
 * What this worker was granted and has not used yet. Where states are not shared at a price, that
 * is never more than the one call that is to be made now.
 */
export class Leases {
  readonly #limits: Limits;
  readonly #shared: { readonly states: ConnectionStates; readonly worker: string };
  readonly #timeoutMs: number;
  readonly #lifeMs: number;
  readonly #leases = new Map<string, Lease>();
  #permission: Permission | undefined;

  constructor(
    limits: Limits,
    shared: { readonly states: ConnectionStates; readonly worker: string },
    timeoutMs: number,
  ) {
    this.#limits = limits;
    this.#shared = shared;
    this.#timeoutMs = timeoutMs;
    const windows = limits.rates.map(({ everyMs }) => Math.floor(everyMs / WINDOW_PARTS));
    this.#lifeMs = shared.states.leased ? Math.min(LONGEST_LIFE_MS, ...windows) : 0;
  }

  /** Uses one call of what was granted before, if anything of it is left. */
  use(counts: readonly string[], urgency: Urgency, now: number, underWay: number): boolean {
    const lease = this.#leases.get(keyOf(counts, urgency));
    if (lease === undefined || lease.left === 0) return false;
    if (now < lease.from || now >= lease.until) return false;
    if (this.#limits.concurrent !== undefined && !this.#permits(now, underWay)) return false;
    lease.left -= 1;
    return true;
  }

  /** A call that begins now must be over before the permit for it ends. */
  #permits(now: number, underWay: number): boolean {
    const permission = this.#permission;
    if (permission === undefined || !permission.granted) return false;
    return underWay <= permission.calls && now + this.#timeoutMs <= permission.until;
  }

  /** What to ask for: twice as much as before where that was used up, less where it was not. */
  ask(counts: readonly string[], urgency: Urgency, now: number, underWay: number): Ask {
    if (!this.#shared.states.leased) return { urgency, counts, calls: 1, lifeMs: 0 };
    const before = this.#leases.get(keyOf(counts, urgency));
    return {
      urgency,
      counts,
      calls: Math.min(this.#most(counts), before === undefined ? 1 : sizeAfter(before, now)),
      lifeMs: this.#lifeMs,
      unused: before && { calls: before.left, resetsAt: before.resetsAt },
      worker: {
        id: this.#shared.worker,
        underWay: underWay - 1,
        holdMs: 2 * this.#timeoutMs + this.#lifeMs,
      },
    };
  }

  #most(counts: readonly string[]): number {
    const counted = this.#limits.rates.filter(({ name }) => counts.includes(name));
    const parts = counted.map(({ calls }) => Math.floor(calls / WINDOW_PARTS));
    const { daily } = this.#limits;
    if (daily !== undefined) parts.push(Math.floor(daily.calls / 100));
    return Math.max(1, Math.min(MOST_CALLS, ...parts));
  }

  keep(counts: readonly string[], urgency: Urgency, answer: Answer, now: number): void {
    const { granted, permission, state } = answer;
    if (!this.#shared.states.leased) return;
    if (permission !== undefined) this.#permission = permission;
    const key = keyOf(counts, urgency);
    const { daily } = this.#limits;
    const resetsAt = state.day?.resetsAt ?? Number.POSITIVE_INFINITY;
    const dayEnds = daily === undefined ? resetsAt : resetAfter(daily, now);
    const until = Math.min(now + this.#lifeMs, dayEnds);
    // The first of them is made at once.
    const left = Math.max(0, granted - 1);
    this.#leases.set(key, { size: granted, left, from: now, until, resetsAt });
  }

  /** Whether permits that nobody here needs are needed by others. */
  givesBack(now: number): boolean {
    const permission = this.#permission;
    if (permission === undefined || permission.calls === 0) return false;
    if (!permission.tight || permission.until <= now) return false;
    this.#permission = undefined;
    return true;
  }

  /** What was granted before the vendor said no is not used any more. */
  drop(): void {
    this.#leases.clear();
  }
}

const keyOf = (counts: readonly string[], urgency: Urgency) => `${urgency} ${counts.join()}`;

/** A lease that lasted less than its time was too small. */
function sizeAfter({ size, left, until }: Lease, now: number): number {
  if (left > 0) return Math.max(1, size - left);
  return now < until ? Math.max(1, size * 2) : Math.max(1, size);
}
