import {
  addWorkingMs,
  type Calendar,
  subtractWorkingMs,
  workingMsBetween,
} from './business-time.ts';

/** The time by which a clock runs, in epoch milliseconds: working time, or plain time. */
export interface Measure {
  /** The instant after so many milliseconds; before, where they are negative. */
  move(at: number, ms: number): number;
  /** The milliseconds between two instants; negative when they are the other way round. */
  between(from: number, to: number): number;
}

const PLAIN_TIME: Measure = {
  move: (at, ms) => at + ms,
  between: (from, to) => to - from,
};

const workingTimeOf = (calendar: Calendar): Measure => ({
  move(at, ms) {
    if (ms === 0) return at;
    return ms > 0 ? addWorkingMs(calendar, at, ms) : subtractWorkingMs(calendar, at, -ms);
  },
  between: (from, to) => workingMsBetween(calendar, from, to),
});

/** How a clock counts: in the working hours of its owner, unless its policy gives plain time. */
export const measureOf = (
  calendar: Calendar,
  clock: { readonly plain?: true | undefined },
): Measure => (clock.plain === true ? PLAIN_TIME : workingTimeOf(calendar));
