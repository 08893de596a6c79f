import { addWorkingMs, type Calendar, workingMsBetween } from './business-time.ts';

/** A time in which people could not act, from and until in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * The working time that outages took from whoever had this calendar between two instants, in
 * milliseconds. Outages that overlap count once; free time is not lost.
 */
export function workingTimeLost(
  calendar: Calendar,
  outages: readonly Span[],
  within: Span,
): number {
  let lost = 0;
  let reached = within.from;
  for (const outage of outages.toSorted((one, other) => one.from - other.from)) {
    const from = Math.max(outage.from, reached);
    const until = Math.min(outage.until, within.until);
    if (until <= from) continue;
    lost += workingMsBetween(calendar, from, until);
    reached = until;
  }
  return lost;
}

/** The same instant after so much more working time; unmoved when nothing was lost. */
export function putOff(calendar: Calendar, at: string, lostMs: number): string {
  return lostMs <= 0 ? at : new Date(addWorkingMs(calendar, Date.parse(at), lostMs)).toISOString();
}
