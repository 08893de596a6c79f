import { HubError, isHubError } from '#core/errors.ts';
import {
  type BreakerStep,
  CLOSED,
  passBreaker,
  vendorAnswered,
  vendorFailed,
} from '#core/limits/breaker.ts';
import type { Trouble } from '#core/limits/episodes.ts';
import { laneOf } from '#core/limits/lanes.ts';
import type { ConnectionState } from '#core/limits/state.ts';
import { type Answer, type ConnectionLimits, pause, take, type Wait } from '#core/limits/take.ts';
import type { ConnectionStates } from '#core/ports/budget.ts';
import type { Urgency } from '#core/ports/operations.ts';
import { Line } from './budget-line.ts';
import { Leases } from './leases.ts';
import type { Limits, QuotaReading } from './limits.ts';

/** What a budget needs of the process it is in. */
export interface BudgetSurroundings {
  readonly states: ConnectionStates;
  /** The name of this worker among all that share the connections. */
  readonly worker: string;
  /** Waits for real; absent where waiting takes no time, and nobody waits. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
  /** Told of what ops must hear: once for each outage and each day's quota. */
  readonly tell?: ((trouble: Trouble) => Promise<void>) | undefined;
}

/** What is about to be asked of the vendor. */
export interface Call {
  readonly method: string;
  /** Without host and query. */
  readonly path: string;
  readonly urgency: Urgency;
  /** Whether earlier calls of the same operation may have written: then its outcome is unknown. */
  readonly halfWay: boolean;
}

/** What came of a call. */
export interface Outcome {
  /** Whether only an outage of the vendor explains it. */
  readonly outage: boolean;
  readonly failure?: HubError | undefined;
  readonly reading?: QuotaReading | undefined;
}

/** Leave for one call, to be ended whatever comes of it. */
export interface Leave {
  end(outcome: Outcome): Promise<void>;
}

/** The longest that a call waits for its turn before its caller is told to come back later. */
const PATIENCE_MS = 2_000;
const SHORTEST_WAIT_MS = 10;

/** How soon the other workers may be through with the state. */
const CONTENDED_MS = 100;

/** Too many workers at one state are a reason to wait, and none to fail. */
function overtaken(error: unknown): undefined {
  if (isHubError(error, 'retry') && error.code === 'write_contended') return undefined;
  throw error;
}

/**
 * What one connection may ask of its vendor, for this worker: every call takes leave here first.
 * Limits and breaker are shared with all other workers through the states.
 */
export class Budget {
  readonly #connection: { readonly name: string; readonly title: string; readonly now: () => Date };
  readonly #limits: Limits;
  readonly #shared: BudgetSurroundings;
  readonly #leases: Leases;
  readonly #lines = new Map<string, Line>();
  /** Calls under way, and those that are just asking for leave. */
  #underWay = 0;
  #breaker = CLOSED as ConnectionState['breaker'];
  #reading: QuotaReading | undefined;
  #untold: Trouble[] = [];

  constructor(
    connection: {
      readonly name: string;
      readonly title: string;
      readonly now: () => Date;
      /** How long one call takes at most. */
      readonly timeoutMs: number;
    },
    limits: Limits | undefined,
    shared: BudgetSurroundings,
  ) {
    this.#connection = connection;
    this.#limits = limits ?? { rates: [] };
    this.#shared = shared;
    this.#leases = new Leases(this.#limits, shared, connection.timeoutMs);
  }

  /**
   * Resolves when the call may be made. Throws a HubError `retry`: `connection_busy` when a limit
   * is in the way for longer than a moment, `connection_down` while the breaker is open.
   */
  async enter(call: Call): Promise<Leave> {
    const counts = this.#limits.rates
      .filter(({ only }) => only?.(call) ?? true)
      .map(({ name }) => name);
    const key = counts.join();
    const line = this.#lines.get(key) ?? new Line();
    this.#lines.set(key, line);
    const place = line.join(call.urgency);
    const joined = this.#now();
    try {
      await place.turn();
      const stood = Math.min(PATIENCE_MS, Math.max(0, this.#now() - joined));
      await this.#waitFor(place, counts, call, PATIENCE_MS - stood);
    } finally {
      place.leave();
    }
    let ended = false;
    return {
      end: async (outcome) => {
        if (ended) return;
        ended = true;
        await this.#end(outcome);
      },
    };
  }

  async #waitFor(
    place: { turn(): Promise<void> },
    counts: readonly string[],
    call: Call,
    patienceMs: number,
  ): Promise<void> {
    let left = patienceMs;
    for (;;) {
      const wait = await this.#attempt(counts, call);
      if (wait === undefined) return;
      const ms = Math.max(SHORTEST_WAIT_MS, wait.until - this.#now());
      if (this.#shared.wait === undefined || ms > left) throw this.#busy(wait, ms, call);
      left -= ms;
      await this.#shared.wait(ms);
      await place.turn();
    }
  }

  /** Takes leave if there is any; answers what is in the way otherwise. */
  async #attempt(counts: readonly string[], call: Call): Promise<Wait | undefined> {
    this.#underWay += 1;
    let wait: Wait | undefined = { limit: 'concurrent', until: this.#now() };
    try {
      wait = this.#tooManyHere(call.urgency) ?? (await this.#takeLeave(counts, call));
      return wait;
    } finally {
      if (wait !== undefined) this.#underWay -= 1;
    }
  }

  #tooManyHere(urgency: Urgency): Wait | undefined {
    const { concurrent } = this.#limits;
    if (concurrent === undefined || this.#underWay <= laneOf(concurrent, urgency)) return undefined;
    return { limit: 'concurrent', until: this.#now() + SHORTEST_WAIT_MS };
  }

  async #takeLeave(counts: readonly string[], call: Call): Promise<Wait | undefined> {
    const { urgency } = call;
    if (
      this.#breaker.open === undefined &&
      this.#leases.use(counts, urgency, this.#now(), this.#underWay)
    )
      return undefined;
    const reading = this.#reading;
    const answer = await this.#shared.states
      .change(this.#connection.name, (state) => this.#decide(state, counts, urgency))
      .catch(overtaken);
    if (answer === undefined) return { limit: 'budget', until: this.#now() + CONTENDED_MS };
    if (this.#reading === reading) this.#reading = undefined;
    this.#breaker = answer.state.breaker;
    if (answer.down !== undefined) throw this.#down(answer.down, call);
    if (answer.warning !== undefined) this.#untold.push(this.#quotaTrouble(answer.warning));
    this.#leases.keep(counts, urgency, answer, this.#now());
    return answer.wait;
  }

  #decide(
    state: ConnectionState,
    counts: readonly string[],
    urgency: Urgency,
  ): Answer & { readonly down?: number } {
    const now = this.#now();
    const passed = passBreaker(state.breaker, now);
    if (passed.until !== undefined) return { state, granted: 0, down: passed.until };
    const probing = passed.state !== state.breaker;
    const asked = this.#leases.ask(counts, urgency, now, this.#underWay);
    const ask = { ...asked, reading: this.#reading, ...(probing ? { calls: 1 } : {}) };
    const answer = take(state, this.#limits as ConnectionLimits, ask, now);
    if (answer.wait !== undefined) return answer;
    return { ...answer, state: { ...answer.state, breaker: passed.state } };
  }

  async #end({ outage, failure, reading }: Outcome): Promise<void> {
    this.#underWay -= 1;
    if (reading !== undefined) this.#reading = reading;
    const limit = failure?.limit;
    const wellKnown = !outage && this.#breaker.failures === 0 && this.#breaker.open === undefined;
    if (!wellKnown || limit !== undefined) await this.#report(outage, failure);
    else if (this.#underWay === 0 && this.#leases.givesBack(this.#now())) await this.#giveBack();
    for (const trouble of this.#untold.splice(0)) await this.#tell(trouble);
  }

  /** The call is over, and what it gave stands: a state that can't be written now is written by another call. */
  async #report(outage: boolean, failure: HubError | undefined): Promise<void> {
    const now = this.#now();
    const limit = failure?.limit;
    if (limit !== undefined) this.#leases.drop();
    const told = await this.#shared.states
      .change(this.#connection.name, (state) => {
        const { state: breaker, step } = outage
          ? vendorFailed(state.breaker, now)
          : vendorAnswered(state.breaker);
        const known = breaker === state.breaker ? state : { ...state, breaker };
        const limits = this.#limits as ConnectionLimits;
        return {
          state:
            limit === undefined ? known : pause(known, limits, limit, failure?.retryAfterMs, now),
          step,
        };
      })
      .catch(() => undefined);
    if (told === undefined) return;
    const before = this.#breaker;
    this.#breaker = told.state.breaker;
    if (told.step !== undefined) this.#untold.push(this.#outageTrouble(told.step, before, now));
  }

  async #giveBack(): Promise<void> {
    await this.#shared.states
      .change(this.#connection.name, (state) => {
        const { [this.#shared.worker]: _own, ...permits } = state.permits;
        return { state: { ...state, permits } };
      })
      .catch(() => undefined);
  }

  #outageTrouble(
    step: NonNullable<BreakerStep['step']>,
    before: ConnectionState['breaker'],
    now: number,
  ): Trouble {
    const open = this.#breaker.open ?? before.open;
    return {
      kind: 'outage',
      connection: this.#connection.name,
      title: this.#connection.title,
      step,
      since: open?.since ?? now,
      until: step === 'closed' ? now : (open?.probeAt ?? now),
    };
  }

  #quotaTrouble(warning: NonNullable<Answer['warning']>): Trouble {
    const { name, title } = this.#connection;
    return { kind: 'quota', connection: name, title, ...warning };
  }

  /** Whoever is told may fail; the call that found the trouble must not. */
  async #tell(trouble: Trouble): Promise<void> {
    await this.#shared.tell?.(trouble).catch(() => undefined);
  }

  #busy({ limit }: Wait, retryAfterMs: number, { halfWay }: Call): HubError {
    const { name, title } = this.#connection;
    return new HubError(
      'retry',
      'connection_busy',
      `Connection '${name}': ${title} may be asked again when its limit '${limit}' has room, in ${Math.ceil(retryAfterMs / 1000)} s.`,
      { retryAfterMs, limit, outcomeUnknown: halfWay },
    );
  }

  #down(until: number, { halfWay }: Call): HubError {
    const { name, title } = this.#connection;
    const retryAfterMs = Math.max(1000, until - this.#now());
    return new HubError(
      'retry',
      'connection_down',
      `Connection '${name}': ${title} is down; it is tried again in ${Math.ceil(retryAfterMs / 1000)} s.`,
      { retryAfterMs, outcomeUnknown: halfWay },
    );
  }

  #now(): number {
    return this.#connection.now().getTime();
  }
}
