import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** The one source of time of an embedded hub, and the one way to wait for it. */
export interface HubClock {
  now(): Date;
  /** Resolves when it is that late, or when `wake` is called before. */
  until(at: number): Promise<void>;
  wake(): void;
  /** Whether waiting takes no time: then work is done one piece after the other, in order. */
  readonly virtual: boolean;
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

/** When an accelerated clock began: what it showed at which time of day, in milliseconds. */
const ClockAnchor = z.strictObject({ real: z.number(), shown: z.number() });
export type ClockAnchor = z.infer<typeof ClockAnchor>;

/**
 * Time that passes faster (or slower) by a factor. Under the same anchor it goes on as though it
 * had never stopped, however often a hub is started.
 */
export function acceleratedClock(
  factor: number,
  anchor: ClockAnchor = { real: Date.now(), shown: Date.now() },
  timeOfDay: () => number = Date.now,
): HubClock {
  if (!(factor > 0 && Number.isFinite(factor))) {
    throw new RangeError(`Time can't pass ${factor} times as fast: give a number above 0.`);
  }
  return passingClock(() => anchor.shown + (timeOfDay() - anchor.real) * factor, factor);
}

/** The anchor that lies in a hub's folder; the first hub that asks for it makes it. */
export function anchorIn(folder: string, begins: ClockAnchor): ClockAnchor {
  const file = join(folder, 'clock.json');
  if (existsSync(file)) return ClockAnchor.parse(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify(begins));
  return begins;
}

function passingClock(now: () => number, factor: number): HubClock {
  let wake = () => {};
  return {
    virtual: false,
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
