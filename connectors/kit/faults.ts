/** What can go wrong at a vendor, as the sandbox plays it. */
export type Fault =
  /** Refused for the rate, as this vendor refuses. */
  | 'throttle'
  /** The day's quota is gone until it resets. */
  | 'quota'
  /** The token in use is no good any more. */
  | 'token'
  /** The credentials are good, and may not do what the hub needs. */
  | 'scopes'
  /** The vendor does not send its news to the hub. */
  | 'webhooks'
  /** The vendor's clock and the hub's differ by ten minutes. */
  | 'skew'
  /** Down: 503 or nothing. */
  | 'outage'
  /** The write happens and the answer never comes. */
  | 'lost-answer'
  /** One record of a batch is refused, the others are written. */
  | 'partial'
  /** A lifecycle stage is taken and silently not written. */
  | 'stage'
  /** A field that was there is not there any more. */
  | 'drift'
  /** News is sent twice. */
  | 'duplicate'
  /** News overtakes news. */
  | 'disorder'
  /** News comes hours late. */
  | 'late'
  /** News never comes. */
  | 'miss';

export interface FaultRule {
  readonly fault: Fault;
  /** Part of the path it strikes; all when absent. Not for faults of news. */
  readonly path?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** How often at most; no end when absent. */
  readonly times?: number | undefined;
  /** Of how many calls it strikes, from 0 to 1; 1 when absent. */
  readonly chance?: number | undefined;
}

/** Decides by rule, clock and seed which calls go wrong: the same script always plays the same. */
export class FaultScript {
  readonly #rules: readonly FaultRule[];
  readonly #now: () => Date;
  readonly #random: () => number;
  readonly #struck = new Map<FaultRule, number>();

  constructor(rules: readonly FaultRule[], now: () => Date, random: () => number) {
    this.#rules = rules;
    this.#now = now;
    this.#random = random;
  }

  /** Whether this fault strikes here and now; counts it if it does. */
  strikes(fault: Fault, path = ''): boolean {
    const rule = this.#rules.find((one) => one.fault === fault && this.#applies(one, path));
    if (rule === undefined) return false;
    this.#struck.set(rule, (this.#struck.get(rule) ?? 0) + 1);
    return true;
  }

  /** How often each fault has struck. */
  get tally(): Readonly<Partial<Record<Fault, number>>> {
    const counts: Partial<Record<Fault, number>> = {};
    for (const [{ fault }, times] of this.#struck) counts[fault] = (counts[fault] ?? 0) + times;
    return counts;
  }

  #applies(rule: FaultRule, path: string): boolean {
    const now = this.#now();
    if (rule.from !== undefined && now < rule.from) return false;
    if (rule.until !== undefined && now >= rule.until) return false;
    if (rule.path !== undefined && !path.includes(rule.path)) return false;
    if ((this.#struck.get(rule) ?? 0) >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
    return rule.chance === undefined || this.#random() < rule.chance;
  }
}
