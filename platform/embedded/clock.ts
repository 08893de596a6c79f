/** The one source of time of an embedded hub, and the one way to wait for it. */
export interface HubClock {
  now(): Date;
  /** Resolves when it is that late, or when `wake` is called before. */
  until(at: number): Promise<void>;
  wake(): void;
  /** Whether waiting takes no time: then work is done one piece after the other, in order. */
  readonly virtual: boolean;
  /** How many times as fast as the time of day it passes; 1 by default. */
  readonly pace?: number | undefined;
  /** The time outside, where the hub's own passes at another speed and vendors do not share it. */
  readonly outside?: OutsideTime | undefined;
}

export interface OutsideTime {
  now(): Date;
  /** What the hub's clock showed, or will show, at an instant outside. */
  here(at: Date): Date;
}

/**
 * Node's timers overflow beyond 24.8 days, and stand still while a laptop sleeps: whoever waits
 * longer than this looks at the time of day again.
 */
const LOOK_AGAIN_MS = 30_000;

/** The time of day. */
export function realClock(timeOfDay: () => number = Date.now): HubClock {
  return passingClock(timeOfDay, 1);
}

/** What an accelerated clock showed at which time of day, in milliseconds, and how fast it goes since. */
interface Anchor {
  readonly real: number;
  readonly shown: number;
  readonly factor: number;
}

/** What an accelerated clock shows at a time of day, in milliseconds; before its anchor it kept step. */
export const shownAt = ({ real, shown, factor }: Anchor, timeOfDay: number): number =>
  shown + (timeOfDay - real) * (timeOfDay < real ? 1 : factor);

/**
 * Time that passes faster (or slower) by a factor, for hub and vendors alike. Under the same anchor it goes on as though it
 * had never stopped, however often a hub is started. It never goes back: a time of day that is set
 * back by a second would undo a minute.
 */
export function acceleratedClock(anchor: Anchor, timeOfDay: () => number = Date.now): HubClock {
  const { factor, shown } = anchor;
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new RangeError(`Time can't pass ${factor} times as fast: give a number above 0.`);
  }
  let latest = shown;
  return passingClock(() => {
    latest = Math.max(latest, shownAt(anchor, timeOfDay()));
    return latest;
  }, factor);
}

/** The same clock for a hub whose vendors go by the time of day. */
export const amongOthers = (
  clock: HubClock,
  anchor: Anchor,
  timeOfDay: () => number = Date.now,
): HubClock => ({
  ...clock,
  outside: {
    now: () => new Date(timeOfDay()),
    here: (at) => new Date(shownAt(anchor, at.getTime())),
  },
});

function passingClock(now: () => number, factor: number): HubClock {
  let wake = () => {};
  return {
    virtual: false,
    pace: factor,
    now: () => new Date(now()),
    wake: () => wake(),
    until: (at) =>
      new Promise((resolve) => {
        const wait = Math.min(LOOK_AGAIN_MS, Math.max(0, (at - now()) / factor));
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
