/** The one source of time of an embedded hub, and the one way to wait for it. */
export interface HubClock {
  now(): Date;
  /** Resolves when it is that late, or when `wake` is called before. */
  until(at: number): Promise<void>;
  wake(): void;
  /** Whether waiting takes no time: then work is done one piece after the other, in order. */
  readonly virtual: boolean;
}

/** Node's timers overflow beyond 24.8 days; whoever waits longer looks again in between. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** The time of day. */
export function realClock(): HubClock {
  let wake = () => {};
  return {
    virtual: false,
    now: () => new Date(),
    wake: () => wake(),
    until: (at) =>
      new Promise((resolve) => {
        const wait = Math.min(LONGEST_TIMEOUT_MS, Math.max(0, at - Date.now()));
        const timer = setTimeout(resolve, wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

/** A clock that stands still while work is done and jumps to whatever is due next. */
export function virtualClock(start: Date): HubClock {
  let now = start.getTime();
  return {
    virtual: true,
    now: () => new Date(now),
    wake: () => {},
    until: async (at) => {
      now = Math.max(now, at);
    },
  };
}
