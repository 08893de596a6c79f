import { Temporal } from 'temporal-polyfill';
import { type Grants, grant, type Rate, roomFrom, roomIn } from './windows.ts';

const DAY_MS = 86_400_000;

/** A day's quota: what the hub may use of it, and when it is whole again. */
export interface DayQuota {
  readonly calls: number;
  /** At midnight in a zone, or never at once: what counts is the last 24 hours. */
  readonly resets: { readonly midnightIn: string } | 'rolling';
}

/** What the vendor said of the quota, less what was granted since. */
interface Reading {
  readonly most: number;
  readonly left: number;
  readonly at: number;
}

/** How much of the day's quota is used, by our own count and by the vendor's. */
export interface DayState {
  /** When the quota is whole again; of a rolling quota, when the hub may warn again. */
  readonly resetsAt: number;
  /** Calls granted since the last reset; of a rolling quota `grants` has them. */
  readonly used: number;
  readonly grants: Grants;
  readonly reading?: Reading | undefined;
  /** Whether ops were warned of this day. */
  readonly warned: boolean;
}

/** Nobody else tells when a rolling quota has room again: after this long the hub asks the vendor. */
const READING_HOLDS_MS = 15 * 60_000;

const rolling = (quota: DayQuota): Rate => ({ name: 'daily', calls: quota.calls, everyMs: DAY_MS });

/** The next midnight in the zone of the vendor; of a rolling quota, a day from now. */
export function resetAfter({ resets }: DayQuota, now: number): number {
  if (resets === 'rolling') return now + DAY_MS;
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(resets.midnightIn);
  return here.toPlainDate().add({ days: 1 }).toZonedDateTime(resets.midnightIn).epochMilliseconds;
}

/** The state of the day it is now: a day that is over is forgotten, one that a clock set back did not yet reach is not. */
export function today(quota: DayQuota, state: DayState | undefined, now: number): DayState {
  const resetsAt = resetAfter(quota, now);
  if (state === undefined) return { resetsAt, used: 0, grants: [], warned: false };
  if (now < state.resetsAt) {
    const reading = believed(quota, state.reading, now);
    const fixed = quota.resets !== 'rolling';
    return { ...state, reading, resetsAt: fixed ? resetsAt : Math.min(state.resetsAt, resetsAt) };
  }
  const { grants } = state;
  const reading = quota.resets === 'rolling' ? believed(quota, state.reading, now) : undefined;
  return { resetsAt, used: 0, grants, reading, warned: false };
}

function believed(quota: DayQuota, reading: Reading | undefined, now: number) {
  if (reading === undefined || quota.resets !== 'rolling') return reading;
  return Math.abs(now - reading.at) < READING_HOLDS_MS ? reading : undefined;
}

/** The vendor's word of the quota stands over our own count, which can't have been higher. */
export function withReading(
  state: DayState,
  { most, remaining }: { readonly most: number; readonly remaining: number },
  now: number,
): DayState {
  const left = Math.max(0, remaining);
  return {
    ...state,
    used: Math.min(state.used, Math.max(0, most - left)),
    reading: { most, left, at: now },
  };
}

/** How many calls the day has room for when a lane may use so large a share of it. */
export function roomToday(
  quota: DayQuota,
  state: DayState,
  now: number,
  share: number,
  lifeMs: number,
): number {
  const most = Math.max(1, Math.floor(quota.calls * share));
  const own =
    quota.resets === 'rolling'
      ? roomIn(rolling(quota), state.grants, now, most, lifeMs)
      : most - state.used;
  const { reading } = state;
  const kept = reading === undefined ? 0 : Math.floor(reading.most * (1 - share));
  const theirs = reading === undefined ? own : reading.left - kept;
  return Math.max(0, Math.min(own, theirs));
}

/** When a day without room may have some again. */
export function roomTodayFrom(
  quota: DayQuota,
  state: DayState,
  now: number,
  share: number,
  lifeMs: number,
): number {
  if (quota.resets !== 'rolling') return state.resetsAt;
  const most = Math.max(1, Math.floor(quota.calls * share));
  const own = roomFrom(rolling(quota), state.grants, now, most, lifeMs);
  const { reading } = state;
  return Math.max(own, reading === undefined ? now : reading.at + READING_HOLDS_MS);
}

/** The day after so many calls more. */
export function bookedToday(
  quota: DayQuota,
  state: DayState,
  now: number,
  calls: number,
  lifeMs: number,
): DayState {
  const { reading, grants } = state;
  return {
    ...state,
    used: state.used + calls,
    grants: quota.resets === 'rolling' ? grant(rolling(quota), grants, now, calls, lifeMs) : grants,
    ...(reading === undefined ? {} : { reading: { ...reading, left: reading.left - calls } }),
  };
}

/** How the day stands for people: what share is gone, and when all of it will be at this pace. */
export interface Forecast {
  readonly usedShare: number;
  /** Absent where it lasts until the reset, or where nothing can be said yet. */
  readonly goneAt?: number;
  readonly resetsAt: number;
}

/** A pace says nothing before so much of the quota and so much of the day is gone. */
const LEAST_SHARE = 0.2;
const LEAST_PACE_MS = 3_600_000;
const WARN_SHARE = 0.8;

export function forecast(quota: DayQuota, state: DayState, now: number): Forecast {
  const { reading, resetsAt } = state;
  const fixed = quota.resets !== 'rolling';
  const granted = fixed
    ? state.used
    : quota.calls - roomIn(rolling(quota), state.grants, now, quota.calls, 0);
  const byVendor = reading === undefined ? 0 : 1 - reading.left / reading.most;
  const usedShare = Math.max(granted / quota.calls, byVendor);
  const since = now - (resetsAt - DAY_MS);
  if (!fixed || usedShare < LEAST_SHARE || since < LEAST_PACE_MS) return { usedShare, resetsAt };
  const goneAt = Math.round(now + Math.max(0, 1 - usedShare) * (since / usedShare));
  return goneAt < resetsAt ? { usedShare, goneAt, resetsAt } : { usedShare, resetsAt };
}

/** Whether ops ought to hear of it: most of the quota is gone, or it will be before the reset. */
export const isWorrying = ({ usedShare, goneAt }: Forecast) =>
  usedShare >= WARN_SHARE || goneAt !== undefined;
